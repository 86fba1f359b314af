import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


def double_conv(cin: int, cout: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(cin, cout, 3, padding=1), nn.ReLU(), nn.Conv2d(cout, cout, 3, padding=1), nn.ReLU())


class UNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.down1 = double_conv(1, 16)
        self.down2 = double_conv(16, 32)
        self.up = nn.ConvTranspose2d(32, 16, 2, stride=2)
        self.merge = double_conv(16, 16)
        self.out = nn.Conv2d(16, 2, 1)

    def forward(self, x: Float[Tensor, "b 1 64 64"]) -> Float[Tensor, "b 2 64 64"]:
        d1 = self.down1(x)
        d2 = self.down2(F.max_pool2d(d1, 2))
        u = torch.cat([self.up(d2), d1], dim=1)
        return self.out(self.merge(u))  # BUG


def main() -> None:
    print(UNet()(torch.randn(1, 1, 64, 64)).shape)


if __name__ == "__main__":
    main()
