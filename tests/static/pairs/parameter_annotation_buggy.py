import torch
from jaxtyping import Float
from torch import Tensor, nn


class Bilinear(nn.Module):
    def __init__(self, left: int, right: int) -> None:
        super().__init__()
        self.w: Float[nn.Parameter, "left right"] = nn.Parameter(torch.zeros(right, left))  # BUG

    def forward(self, x: Float[Tensor, "n left"], y: Float[Tensor, "n right"]) -> Float[Tensor, "n"]:
        return ((x @ self.w) * y).sum(-1)  # ALT


def main() -> None:
    print(Bilinear(3, 4)(torch.randn(2, 3), torch.randn(2, 4)).shape)


if __name__ == "__main__":
    main()
