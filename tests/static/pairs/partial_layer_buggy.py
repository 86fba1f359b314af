from collections.abc import Callable
from functools import partial

import torch
from jaxtyping import Float
from torch import Tensor, nn


def build(width: int) -> Callable[[int], nn.Linear]:
    return partial(nn.Linear, width)


def encode(x: Float[Tensor, "n 12"]) -> Float[Tensor, "n 4"]:
    make = partial(nn.Linear, 12)
    first, second = make(8), make(4)
    return second(first(x))  # BUG


def main() -> None:
    print(encode(torch.randn(3, 12)).shape)


if __name__ == "__main__":
    main()
