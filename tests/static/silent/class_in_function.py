import torch
from jaxtyping import Float
from torch import Tensor, nn


def build(dim: int) -> nn.Module:
    class Inner(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(dim, dim)

        def forward(self, x: Float[Tensor, "n dim"]) -> Float[Tensor, "n dim"]:
            return self.fc(x)

    return Inner()


def main() -> None:
    print(build(4)(torch.randn(2, 4)).shape)


if __name__ == "__main__":
    main()
