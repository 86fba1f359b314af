from math import pi

import torch
from torch import nn

EVERY = slice(None)


def by_prefix(prefix, options):
    parts = [dict(), dict()]
    for key in options.keys():
        parts[int(not key.startswith(prefix))][key] = options[key]
    found, rest = (*parts,)
    return dict(map(lambda item: (item[0][len(prefix) :], item[1]), tuple(found.items()))), rest


class Stages(nn.Module):
    def __init__(self, first_width=8, first_kernel=3, second_width=16, second_kernel=5, channels=3):
        super().__init__()
        options = dict(locals())
        layers, width = [], channels
        for stage in ("first", "second"):
            config, options = by_prefix(f"{stage}_", options)
            layers.append(nn.Conv2d(width, config["width"], config["kernel"], padding=config["kernel"] // 2))
            layers.append(nn.BatchNorm2d(config["width"]))
            width = config["width"]
        self.layers = nn.Sequential(*layers)
        self.head = nn.Linear(channels, 10)

    def forward(self, x):
        return self.head(self.layers(x).mean((2, 3)))  # BUG


def waves(steps: int) -> torch.Tensor:
    turns = torch.linspace(0, 1, steps) * pi
    rows = [None, None]
    rows[0] = EVERY
    return turns[(Ellipsis, *rows)] + torch.ones(3, steps)  # BUG


def main() -> None:
    print(Stages()(torch.randn(2, 3, 8, 8)).shape)
    print((waves(4) @ torch.ones(4, 2)).shape)
