"""Layers and containers that a called function changes, and layers that containers get and lose by name."""

from collections import OrderedDict

import torch
from torch import Tensor, nn


def prune(first: nn.Linear, second: nn.Linear, keep: int) -> None:
    kept = first.weight.norm(dim=1).topk(keep).indices
    first.weight = nn.Parameter(first.weight[kept].clone())
    first.bias = nn.Parameter(first.bias[kept].clone())
    second.weight = nn.Parameter(second.weight[:, kept].clone())


def lengthen(net: nn.Sequential, size: int) -> None:
    net.append(nn.Linear(5, size))


def called() -> list[Tensor]:
    a, b = nn.Linear(4, 8), nn.Linear(8, 2)
    prune(a, b, 5)
    net = nn.Sequential(nn.Linear(4, 5))
    lengthen(net, 9)
    return [a(torch.zeros(4)) + torch.zeros(5), b(torch.zeros(5)), net(torch.zeros(4)) + torch.zeros(9)]


def named() -> list[Tensor]:
    net = nn.Sequential(OrderedDict(a=nn.Linear(4, 5), b=nn.Linear(5, 6)))
    x = torch.zeros(4)
    net.b = nn.Linear(5, 7)
    out = [net(x) + torch.zeros(7)]
    net.c = nn.Linear(7, 2)
    out.append(net(x) + torch.zeros(2))
    del net.c
    out.append(net(x) + torch.zeros(7))
    delattr(net, "b")
    out.append(net(x) + torch.zeros(5))
    setattr(net, "d", nn.Linear(5, 3))
    out.append(net(x) + torch.zeros(3))
    return out


def main() -> None:
    print([t.shape for t in (*called(), *named())])


if __name__ == "__main__":
    main()
