import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, cin: int, planes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(cin, planes, 1)
        self.conv2 = nn.Conv2d(planes, planes * self.expansion, 1)
        self.down = nn.Conv2d(cin, planes * self.expansion, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.conv2(F.relu(self.conv1(x))) + self.down(x))


class ResNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.in_planes = 64
        self.stem = nn.Conv2d(3, 64, 7, stride=2, padding=3)
        self.layer1 = self._make_layer(64, 2)
        self.layer2 = self._make_layer(128, 2)
        self.fc = nn.Linear(128, 10)

    def _make_layer(self, planes: int, blocks: int) -> nn.Sequential:
        layers = []
        for _ in range(blocks):
            layers.append(Bottleneck(self.in_planes, planes))
            self.in_planes = planes * Bottleneck.expansion
        return nn.Sequential(*layers)

    def forward(self, x: Float[Tensor, "b 3 64 64"]) -> Float[Tensor, "b 10"]:
        x = self.layer2(self.layer1(self.stem(x)))
        x = F.adaptive_avg_pool2d(x, 1).flatten(1)
        return self.fc(x)  # BUG


def main() -> None:
    print(ResNet()(torch.randn(1, 3, 64, 64)).shape)


if __name__ == "__main__":
    main()
