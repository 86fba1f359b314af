import torch
from jaxtyping import Float
from torch import Tensor, nn


class ResNet(nn.Module):
    def __init__(self, classes: int) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU())
        self.stage1 = self.stage(16, 32)
        self.stage2 = self.stage(32, 64)
        self.pool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(64, classes)

    @staticmethod
    def stage(cin: int, cout: int) -> nn.Sequential:
        return nn.Sequential(
            nn.Conv2d(cin, cout, 3, stride=2, padding=1),
            nn.BatchNorm2d(cout),
            nn.ReLU(inplace=True),
        )

    def forward(self, x: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b classes"]:
        x = self.stage2(self.stage1(self.stem(x)))
        x = torch.flatten(self.pool(x), 1)
        return self.fc(x)


def main() -> None:
    print(ResNet(10)(torch.randn(2, 3, 32, 32)).shape)


if __name__ == "__main__":
    main()
