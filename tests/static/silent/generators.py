from collections.abc import Iterator

import torch
from jaxtyping import Float
from torch import Tensor


def chunks(x: Float[Tensor, "n d"], size: int) -> Iterator[Float[Tensor, "m d"]]:
    for i in range(0, x.shape[0], size):
        yield x[i : i + size]


def rebuilt(x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    return torch.cat(list(chunks(x, 2)))


def norms(x: Float[Tensor, "n d"]) -> Float[Tensor, "n"]:
    return torch.stack([row.norm() for part in chunks(x, 2) for row in part])


def main() -> None:
    print(rebuilt(torch.randn(5, 3)).shape, norms(torch.randn(5, 3)).shape)


if __name__ == "__main__":
    main()
