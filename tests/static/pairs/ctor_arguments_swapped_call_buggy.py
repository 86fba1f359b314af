import torch
from jaxtyping import Float
from torch import Tensor, nn


class Projection(nn.Module):
    def __init__(self, din: int, dout: int) -> None:
        super().__init__()
        self.fc = nn.Linear(din, dout)

    def forward(self, x: Float[Tensor, "n din"]) -> Float[Tensor, "n dout"]:
        return self.fc(x)


def build(x: Float[Tensor, "n 32"]) -> Float[Tensor, "n 16"]:
    layer = Projection(16, 32)
    return layer(x)  # BUG


def main() -> None:
    print(build(torch.randn(4, 32)).shape)


if __name__ == "__main__":
    main()
