import torch
from jaxtyping import Float
from torch import Tensor, nn


class Heads(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.heads = nn.ModuleList([nn.Linear(width, 2), nn.Linear(width, 3)])

    def forward(self, x: Float[Tensor, "b width"]) -> Float[Tensor, "b 2"]:
        return self.heads[:, 0](x)  # BUG


def main() -> None:
    print(Heads(5)(torch.randn(2, 5)).shape)


if __name__ == "__main__":
    main()
