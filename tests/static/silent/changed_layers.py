"""Containers of layers, copies and objects whose attributes change: what they are now is what counts."""

import contextlib
import copy
import functools
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn


def again(build: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(build)
    def run(*args: Any) -> None:
        build(*args)

    return run


class Net(nn.Module):
    def __init__(self, d: int = 4) -> None:
        super().__init__()
        self.fc = nn.Linear(d, d)

    @again
    def rebuild(self, d: int) -> None:
        self._put(nn.Linear(d, d))

    def _put(self, layer: nn.Module) -> None:
        self.fc = layer

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x)


class Bank:
    def __init__(self) -> None:
        self.rows = torch.zeros(2, 4)

    def __setitem__(self, i: int, row: Tensor) -> None:
        self.rows = torch.cat([self.rows[:i], row[None], self.rows[i:]])

    def __delitem__(self, i: int) -> None:
        self.rows = torch.cat([self.rows[:i], self.rows[i + 1 :]])


@contextlib.contextmanager
def swapped(owner: nn.Module, name: str, value: nn.Module) -> Iterator[None]:
    old = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, old)


def containers() -> list[Tensor]:
    net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    x = torch.zeros(2, 4)
    net[2] = nn.Linear(8, 5)
    out = [net(x) + torch.zeros(2, 5)]
    del net[2]
    out.append(net(x) + torch.zeros(2, 8))
    out.append(net.append(nn.Linear(8, 6))(x) + torch.zeros(2, 6))
    net.add_module("more", nn.Linear(6, 7))
    out.append(net(x) + torch.zeros(2, 7))
    del net[1:]
    out.append(net(x) + torch.zeros(2, 8))
    return out


def objects() -> list[Tensor]:
    net = Net()
    other = copy.deepcopy(net)
    other.fc = nn.Linear(7, 2)
    out = [net(torch.zeros(1, 4)), other(torch.zeros(1, 7))]
    with swapped(net, "fc", nn.Linear(9, 2)):
        out.append(net(torch.zeros(1, 9)) + torch.zeros(2))
    out.append(net(torch.zeros(1, 4)) + torch.zeros(4))
    net.rebuild(6)
    out.append(net(torch.zeros(1, 6)) + torch.zeros(6))
    bank = Bank()
    bank[0] = torch.zeros(4)
    out.append(bank.rows + torch.zeros(3, 4))
    del bank[1]
    del bank[0]
    out.append(bank.rows + torch.zeros(5, 4))
    return out


def main() -> None:
    print([t.shape for t in containers()], [t.shape for t in objects()])


if __name__ == "__main__":
    main()
