import torch
from jaxtyping import Float
from torch import Tensor, nn


class Block(nn.Module):
    def __init__(self, cin: int, cout: int, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, 3, stride=stride, padding=1)
        self.same = cin == cout and stride == 1
        self.project = not self.same
        if self.project:
            self.skip = nn.Conv2d(cin, cout, 1, stride=stride)

    def forward(self, x: Float[Tensor, "b cin h w"]) -> Float[Tensor, "b cout h2 w2"]:
        y = self.conv(x)
        return y + x if self.same else y + self.skip(x)


def main() -> None:
    x = torch.randn(1, 4, 6, 6)
    print(Block(4, 4)(x).shape, Block(4, 8, 2)(x).shape)


if __name__ == "__main__":
    main()
