"""Sizes that depend on the data beside ones that are known, where they may well be equal."""

import functools
from collections.abc import Callable

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset


def scattered(packed: Float[Tensor, "m d"], kept: Bool[Tensor, "n"]) -> Float[Tensor, "n d"]:
    full = torch.zeros(kept.shape[0], packed.shape[1])
    full[kept] = packed
    return full


def residual(values: Float[Tensor, "n"], kept: Bool[Tensor, "n"], wanted: Float[Tensor, "m"]) -> Float[Tensor, "m"]:
    return values[kept] - wanted


def gram(points: Tensor, weights: Tensor) -> Tensor:
    count = len(points)
    kernel = points @ points.T
    return kernel * weights + torch.eye(count)


def one_hot_rows(labels: Int[Tensor, "n"], classes: int) -> Tensor:
    table = torch.eye(classes)
    rows = table[labels]
    return rows * torch.ones(classes)


def cached(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    kept: dict[int, Tensor] = {}

    @functools.wraps(function)
    def wrapper(size: int, *rest: Tensor) -> Tensor:
        if size not in kept:
            kept[size] = function(size, *rest)
        return kept[size]

    return wrapper


@cached
def hann(size: int, taper: Tensor | None = None) -> Float[Tensor, "size"]:
    window = torch.hann_window(size)
    return window if taper is None else window * taper


def main() -> None:
    kept = torch.tensor([True, False, True])
    print(scattered(torch.ones(2, 4), kept).shape, residual(torch.ones(3), kept, torch.ones(2)).shape)
    print(gram(torch.randn(3, 5), torch.rand(3)).shape, one_hot_rows(torch.tensor([0, 2]), 3).shape)
    print(hann(4).shape, hann(6, torch.ones(6)).shape)
    for rows, weights in DataLoader(TensorDataset(torch.ones(7, 4), torch.ones(7)), batch_size=3):
        print((rows.T * weights).shape, (rows.mean(1) * weights).shape)


if __name__ == "__main__":
    main()
