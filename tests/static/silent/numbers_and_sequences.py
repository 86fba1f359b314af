"""Values that are tested for the abstract classes of Python before they are used."""

import numbers
from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor


def is_nan(x: Tensor | float) -> Tensor | bool:
    if isinstance(x, numbers.Number):
        return x != x
    return torch.isnan(x).any()


def as_pair(size: int | Sequence[int]) -> tuple[int, ...]:
    return tuple(size) if isinstance(size, Iterable) else (size, size)


def first(batch: Tensor | Sequence[Tensor] | Mapping[str, Tensor]) -> Tensor:
    if isinstance(batch, Mapping):
        return batch["x"]
    if not isinstance(batch, Sequence):
        return batch.flatten(1)
    return batch[0]


class Average:
    def __init__(self, alpha: float) -> None:
        self.alpha = alpha
        self.mean = 0.0

    def __call__(self, x: Tensor) -> Tensor:
        self.mean = x if is_nan(self.mean) else x * (1 - self.alpha) + self.mean * self.alpha
        return self.mean


def main() -> None:
    x = torch.zeros(2, 3)
    print(Average(0.5)(x).shape, as_pair(3), as_pair((1, 2)), is_nan(x), is_nan(0.0))
    print(first(x).shape, first((x, x)).shape, first({"x": x}).shape)


if __name__ == "__main__":
    main()
