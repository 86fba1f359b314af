import torch
from jaxtyping import Float
from torch import Tensor, nn


class Separable(nn.Module):
    def __init__(self, cin: int, cout: int) -> None:
        super().__init__()
        self.depth = nn.Conv2d(cin, cin, 3, padding=1, groups=cin)
        self.point = nn.Conv2d(cin, cout, 1)

    def forward(self, x: Float[Tensor, "b cin h w"]) -> Float[Tensor, "b cout h w"]:
        return self.point(self.depth(x))


def main() -> None:
    print(Separable(8, 16)(torch.randn(2, 8, 5, 5)).shape)


if __name__ == "__main__":
    main()
