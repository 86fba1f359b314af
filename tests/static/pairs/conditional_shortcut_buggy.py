import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Block(nn.Module):
    def __init__(self, cin: int, cout: int, stride: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, 3, stride=stride, padding=1)
        self.skip: nn.Module = nn.Identity()
        if cin != cout:
            self.skip = nn.Conv2d(cin, cout, 1)

    def forward(self, x: Float[Tensor, "b cin h w"]) -> Tensor:
        return F.relu(self.conv(x) + self.skip(x))  # BUG


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a = Block(3, 16, 1)
        self.b = Block(16, 32, 2)

    def forward(self, x: Float[Tensor, "b 3 32 32"]) -> Float[Tensor, "b 32 16 16"]:
        return self.b(self.a(x))


def main() -> None:
    print(Net()(torch.randn(2, 3, 32, 32)).shape)


if __name__ == "__main__":
    main()
