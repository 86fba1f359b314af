"""An object compares with, and makes, objects of its own class by `self.__class__`."""

import torch
from torch import Tensor, nn


class Physics(nn.Module):
    def __init__(self, mask: Tensor) -> None:
        super().__init__()
        self.mask = mask


class Masked(Physics):
    def __mul__(self, other: Physics) -> Physics:
        if isinstance(other, self.__class__):
            return self.__class__(self.mask * other.mask)
        return Physics(self.mask)


class Blur(Physics):
    pass


def composed() -> tuple[Physics, Physics]:
    first = Masked(torch.ones(1, 3, 32, 32))
    blur = Blur(torch.ones(1, 3, 32, 17, 2))
    return first * blur, first * Masked(torch.ones(32, 32))


def main() -> None:
    print([p.mask.shape for p in composed()])


if __name__ == "__main__":
    main()
