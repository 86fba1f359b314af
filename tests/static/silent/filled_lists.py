from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def flatten(data: Any, shape: list[int], leaves: list[int]) -> int:
    if isinstance(data, (list, tuple)):
        if not leaves:
            shape.append(len(data))
        for item in data:
            flatten(item, shape, leaves)
    else:
        leaves.append(data)
    return len(leaves)


def constant(data: Any) -> Tensor:
    shape: list[int] = []
    leaves: list[int] = []
    flatten(data, shape, leaves)
    return torch.tensor(leaves).view(shape)


def add_one(sizes: list[int]) -> None:
    sizes.append(1)


def column(n: int) -> Tensor:
    sizes = [n]
    add_one(sizes)
    return torch.zeros(sizes).squeeze(1).expand(2, -1)


def handed_over(fill: Callable[[list[int]], None]) -> Tensor:
    sizes: list[int] = []
    fill(sizes)
    return torch.zeros(sizes).expand(3, -1)


def main() -> None:
    print(constant((3, 4)).expand(2, -1).shape, column(3).shape, handed_over(lambda s: s.append(4)).shape)


if __name__ == "__main__":
    main()
