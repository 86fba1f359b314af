"""A Sequential whose layers are reached one by one need not be callable as a whole."""

import torch
from torch import Tensor, nn


class Dense(nn.Module):
    def __init__(self, width: int = 4) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(width, width), nn.Linear(2 * width, width), nn.Linear(3 * width, width))
        self.ends = nn.Sequential(nn.Linear(width, 8), nn.Linear(width, 6))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        found = [x]
        for layer in self.layers:
            found.append(layer(torch.cat(found, dim=-1)))
        return self.ends[0](found[-1]), self.ends[1](x)


def heads(width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, 2), nn.Linear(width, 3))


def main() -> None:
    x = torch.zeros(2, 4)
    print([y.shape for y in Dense()(x)], [head(x).shape for head in heads(4)])


if __name__ == "__main__":
    main()
