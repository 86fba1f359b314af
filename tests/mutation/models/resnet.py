"""A small residual network with strided blocks."""

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn


class Block(nn.Module):
    def __init__(self, cin: int, cout: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride=stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(cout)
        if stride != 1 or cin != cout:
            self.skip: nn.Module = nn.Sequential(nn.Conv2d(cin, cout, 1, stride=stride), nn.BatchNorm2d(cout))
        else:
            self.skip = nn.Identity()

    def forward(self, x: Float[Tensor, "b cin h w"]) -> Float[Tensor, "b cout h2 w2"]:
        out = F.relu(self.norm1(self.conv1(x)))
        out = self.norm2(self.conv2(out))
        return F.relu(out + self.skip(x))


class Gate(nn.Module):
    """Squeeze and excitation."""

    def __init__(self, channels: int, reduction: int) -> None:
        super().__init__()
        self.down = nn.Linear(channels, channels // reduction)
        self.up = nn.Linear(channels // reduction, channels)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        pooled: Float[Tensor, "b c"] = x.mean(dim=(2, 3))
        weight: Float[Tensor, "b c"] = torch.sigmoid(self.up(F.relu(self.down(pooled))))
        return x * weight.unsqueeze(-1).unsqueeze(-1)


class ResNet(nn.Module):
    def __init__(self, classes: int) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 7, stride=2, padding=3)
        self.layers = nn.Sequential(Block(8, 8), Block(8, 16, stride=2), Block(16, 24, stride=2))
        self.gate = Gate(24, 4)
        self.head = nn.Linear(24, classes)

    def features(self, image: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b 24 h3 w3"]:
        x = F.max_pool2d(F.relu(self.stem(image)), kernel_size=3, stride=2, padding=1)
        return self.gate(self.layers(x))

    def forward(self, image: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b classes"]:
        pooled: Float[Tensor, "b 24"] = F.adaptive_avg_pool2d(self.features(image), 1).flatten(1)
        return self.head(pooled)


def normalize(
    image: Float[Tensor, "b 3 h w"], mean: Float[Tensor, "3"], std: Float[Tensor, "3"]
) -> Float[Tensor, "b 3 h w"]:
    return (image - mean.view(1, 3, 1, 1)) / std.view(1, 3, 1, 1)


def accuracy(logits: Float[Tensor, "b classes"], labels: Int[Tensor, "b"]) -> Float[Tensor, ""]:
    top: Int[Tensor, "b 2"] = logits.topk(2, dim=1).indices
    hits = top == labels.unsqueeze(1)
    return hits.any(dim=1).float().mean()


def main() -> None:
    model = ResNet(10)
    image = normalize(torch.randn(5, 3, 32, 48), torch.zeros(3), torch.ones(3))
    logits = model(image)
    labels = torch.randint(0, 10, (5,))
    F.cross_entropy(logits, labels)
    accuracy(logits, labels)
