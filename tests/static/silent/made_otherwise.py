"""Classes that a metaclass, a decorator or a condition makes, and `match` on values of any kind."""

import sys
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

if sys.version_info >= (3, 8):

    def width() -> int:
        return 4
else:

    def width() -> int:
        return 5


class Counting(type):
    def __call__(cls, *args: Any) -> Any:
        made = super().__call__(*args)
        made.size = made.size + 1
        return made


class Counted(metaclass=Counting):
    def __init__(self, size: int) -> None:
        self.size = size


def doubled(cls: Any) -> Any:
    class Doubled(cls):
        def __init__(self, size: int) -> None:
            super().__init__(size * 2)

    return Doubled


@doubled
class Sized:
    def __init__(self, size: int) -> None:
        self.size = size


@dataclass
class Box:
    size: int = 3


def rows(x: Any) -> Tensor:
    match x:
        case torch.Tensor() if x.ndim == 1:
            return x[None]
        case torch.Tensor():
            return x.flatten()[None]
        case [_, _, *rest]:
            return torch.zeros(1, len(rest))
        case {"n": n}:
            return torch.zeros(1, n)
        case Box(size=size):
            return torch.zeros(1, size)
        case "x" | "y":
            return torch.zeros(1, 8)
        case _:
            return torch.zeros(1, 9)


def main() -> None:
    print(torch.zeros(width()) + torch.zeros(4))
    print(torch.zeros(Counted(3).size) + torch.zeros(4), torch.zeros(Sized(3).size) + torch.zeros(6))
    print(rows(torch.zeros(5)) + torch.zeros(5), rows(torch.zeros(2, 3)) + torch.zeros(6))
    print(rows([1, 2, 3, 4, 5]) + torch.zeros(3), rows({"n": 6}) + torch.zeros(6), rows(Box()) + torch.zeros(3))
    print(rows("y") + torch.zeros(8), rows(None) + torch.zeros(9))


if __name__ == "__main__":
    main()
