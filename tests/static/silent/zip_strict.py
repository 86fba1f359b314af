from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor


def weighted(xs: list[Float[Tensor, "n d"]], ws: list[float]) -> Float[Tensor, "n d"]:
    out = 0
    for w, x in zip(ws, xs):
        out = out + w * x
    return out


def summed(xs: Sequence[Float[Tensor, "n d"]]) -> Float[Tensor, "n d"]:
    return sum(xs) / len(xs)


def main() -> None:
    xs = [torch.randn(2, 3)] * 3
    print(weighted(xs, [1.0, 2.0, 3.0]).shape, summed(xs).shape)


if __name__ == "__main__":
    main()
