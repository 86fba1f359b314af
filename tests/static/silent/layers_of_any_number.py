"""Layers put behind each other any number of times, where they change sizes or are made by what is not known."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Halving(nn.Module):
    def __init__(self, channels: int, steps: int) -> None:
        super().__init__()
        self.steps = nn.Sequential(*[nn.Conv2d(channels, channels, 3, stride=2, padding=1) for _ in range(steps)])
        self.head = nn.Conv2d(channels, 1, 1)

    def forward(self, x: Float[Tensor, "b channels h w"]) -> Float[Tensor, "b 1 h2 w2"]:
        return self.head(self.steps(x))


class Flattening(nn.Module):
    def __init__(self, width: int, depth: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Flatten()]
        for _ in range(depth):
            layers += [nn.Linear(width, width), nn.ReLU()]
        self.net = nn.Sequential(*layers, nn.Linear(width, 3))
        self.none = nn.Sequential(*[nn.Linear(5, 7) for _ in range(depth - 2)])

    def forward(self, x: Tensor) -> Tensor:
        return self.net(self.none(x))


def main() -> None:
    print(Halving(4, 2)(torch.randn(1, 4, 16, 16)).shape, Flattening(12, 2)(torch.randn(2, 3, 4)).shape)


if __name__ == "__main__":
    main()
