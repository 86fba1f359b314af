import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Block(nn.Module):
    def __init__(self, cin: int, cout: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(cin)

    def forward(self, x: Float[Tensor, "b cin h w"]) -> Float[Tensor, "b cout h w"]:
        return F.relu(self.norm(self.conv(x)))  # BUG


def main() -> None:
    print(Block(16, 32)(torch.randn(2, 16, 8, 8)).shape)


if __name__ == "__main__":
    main()
