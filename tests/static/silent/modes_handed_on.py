"""A function chooses by the same argument as its caller: each shape meets the branch that was made for it."""

import torch
from torch import Tensor


def windows(x: Tensor, size, ndim=3):
    if ndim == 3:
        b, depth, height, width, c = x.shape
        return x.view(b * depth // size, size, height, width, c)
    elif ndim == 2:
        b, height, width, c = x.shape
        return x.view(b * height // size, size, width, c)


def masked(resolution, size, dims=3):
    if dims == 3:
        depth, height, width = resolution
        mask = torch.zeros((1, depth, height, width, 1))
    elif dims == 2:
        height, width = resolution
        mask = torch.zeros((1, height, width, 1))
    return handed_on(mask, size, dims)


def handed_on(mask, size, ndim):
    return windows(mask, size, ndim=ndim)


def main() -> None:
    print(masked((4, 6, 8), 2).shape, masked((6, 8), 2, 2).shape)


if __name__ == "__main__":
    main()
