import torch
from jaxtyping import Float
from torch import Tensor, nn


class Up(nn.Module):
    def __init__(self, cin: int, cout: int) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(cin, cout, 2, stride=2)
        self.conv = nn.Conv2d(2 * cout, cout, 3, padding=1)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        return self.conv(torch.cat([self.up(x), skip], dim=1))


class UNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.enc1 = nn.Conv2d(3, 8, 3, padding=1)
        self.enc2 = nn.Conv2d(8, 16, 3, padding=1)
        self.enc3 = nn.Conv2d(16, 32, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.up2 = Up(32, 16)
        self.up1 = Up(16, 8)

    def forward(self, x: Float[Tensor, "b 3 32 32"]) -> Float[Tensor, "b 8 32 32"]:
        e1 = self.enc1(x)
        e2 = self.enc2(self.pool(e1))
        e3 = self.enc3(self.pool(e2))
        return self.up1(self.up2(e3, e2), e1)


def main() -> None:
    print(UNet()(torch.randn(1, 3, 32, 32)).shape)


if __name__ == "__main__":
    main()
