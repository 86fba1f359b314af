import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


def conv3x3(cin: int, cout: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(cin, cout, kernel_size=3, stride=stride, padding=1, bias=False)


class BasicBlock(nn.Module):
    def __init__(self, cin: int, cout: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = conv3x3(cin, cout, stride)
        self.bn1 = nn.BatchNorm2d(cout)
        self.conv2 = conv3x3(cin, cout)
        self.bn2 = nn.BatchNorm2d(cout)

    def forward(self, x: Float[Tensor, "b cin h w"]) -> Float[Tensor, "b cout h2 w2"]:
        y = F.relu(self.bn1(self.conv1(x)))
        return self.bn2(self.conv2(y))  # BUG


def main() -> None:
    print(BasicBlock(8, 16, 2)(torch.randn(2, 8, 8, 8)).shape)


if __name__ == "__main__":
    main()
