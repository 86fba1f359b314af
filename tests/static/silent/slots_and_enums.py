import enum

import torch
from jaxtyping import Float
from torch import Tensor


class Mode(enum.Enum):
    MEAN = "mean"
    MAX = "max"


class Pool:
    __slots__ = ("mode", "dim")

    def __init__(self, mode: Mode, dim: int = 1) -> None:
        self.mode = mode
        self.dim = dim

    def __call__(self, x: Float[Tensor, "b t d"]) -> Float[Tensor, "..."]:
        if self.mode is Mode.MEAN:
            return x.mean(self.dim)
        return x.max(self.dim).values


def main() -> None:
    print(Pool(Mode.MAX)(torch.randn(2, 3, 4)).shape, Pool(Mode.MEAN, 2)(torch.randn(2, 3, 4)).shape)


if __name__ == "__main__":
    main()
