"""Attributes that are set by name, through tables, on the class or on an object that is not known."""

from typing import Any

import torch
from torch import Tensor, nn


class Net(nn.Module):
    width = 4

    def __init__(self, d: int = 4) -> None:
        super().__init__()
        self.d = d
        self.fc = nn.Linear(d, d)
        self.layers = nn.ModuleList([nn.Linear(d, d) for _ in range(2)])
        self.heads = nn.ModuleDict({"a": nn.Linear(d, 2)})

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x

    @classmethod
    def widened(cls, by: int) -> Tensor:
        cls.width = by
        return torch.zeros(cls.width)


class Watched:
    def __init__(self) -> None:
        self.size = 3

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value + 1 if name == "size" else value)


class Doubled:
    def __get__(self, owner: Any, kind: type) -> int:
        return owner.half * 2

    def __set__(self, owner: Any, value: int) -> None:
        owner.half = value


class Sizes:
    whole = Doubled()

    def __init__(self, size: int) -> None:
        self.whole = size


def named(net: Net) -> list[Tensor]:
    net._modules["fc"] = nn.Linear(8, 8)
    out = [net.fc(torch.zeros(8))]
    net.__dict__["d"] = 11
    out.append(torch.zeros(net.d) + torch.zeros(11))
    vars(net)["d"] = 12
    out.append(torch.zeros(net.d) + torch.zeros(12))
    object.__setattr__(net, "d", 13)
    out.append(torch.zeros(net.d) + torch.zeros(13))
    net.__dict__.update(d=14)
    out.append(torch.zeros(net.d) + torch.zeros(14))
    return out


def layers(net: Net) -> list[Tensor]:
    net.layers[0].weight = nn.Parameter(torch.zeros(4, 9))
    out = [net(torch.zeros(2, 9)) + torch.zeros(4)]
    net.heads.update({"a": nn.Linear(4, 6), "b": nn.Linear(4, 9)})
    out.append(net.heads["a"](torch.zeros(4)) + torch.zeros(6))
    net.get_submodule("fc").weight = nn.Parameter(torch.zeros(4, 7))
    out.append(net.fc(torch.zeros(7)) + torch.zeros(4))
    for found in {"net": net}.values():
        found.fc = nn.Linear(2, 2)
    out.append(net.fc(torch.zeros(2)))
    for module in (m for m in net.modules() if isinstance(m, Net)):
        module.fc = nn.Linear(3, 3)
    out.append(net.fc(torch.zeros(3)))
    return out


def classes() -> list[Tensor]:
    out = [Net.widened(9) + torch.zeros(9)]
    Net.width = 10
    out.append(torch.zeros(Net.width) + torch.zeros(10))
    out.append(torch.zeros(Net().width) + torch.zeros(10))
    out.append(torch.zeros(Watched().size) + torch.zeros(4))
    out.append(torch.zeros(Sizes(3).whole) + torch.zeros(6))
    return out


def main() -> None:
    print([t.shape for t in (*named(Net()), *layers(Net()), *classes())])


if __name__ == "__main__":
    main()
