from collections.abc import Iterator
import contextlib

import torch
from jaxtyping import Float
from torch import Tensor


@contextlib.contextmanager
def flattened(x: Tensor) -> Iterator[Tensor]:
    yield x.flatten(1)


def use(x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b n"]:
    with flattened(x) as y:
        return y


def main() -> None:
    print(use(torch.randn(2, 3, 4, 5)).shape)


if __name__ == "__main__":
    main()
