from collections.abc import Iterator

import torch
from jaxtyping import Float
from torch import Tensor, nn


def batches(data: Float[Tensor, "n f"], size: int) -> Iterator[tuple[Float[Tensor, "b f"], Float[Tensor, "b"]]]:
    for start in range(0, data.shape[0], size):
        part = data[start : start + size]
        yield part, part.sum(1)


def main() -> None:
    net = nn.Linear(3, 1)
    for x, y in batches(torch.ones(5, 3), 2):
        print((net(x)[:, 0] - y).shape)


if __name__ == "__main__":
    main()
