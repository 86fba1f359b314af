"""Outer differences whose axes of size 1 are written where they are needed."""

import torch
from jaxtyping import Float
from torch import Tensor


def gaussian(x: Float[Tensor, "n"], width: float) -> Float[Tensor, ""]:
    rows = x.view(-1, 1) - x.view(1, -1)
    same = x.reshape(len(x), 1) - x
    return torch.exp(-rows * same / width).mean()


def energies(column: Float[Tensor, "n 1"]) -> Float[Tensor, ""]:
    return (column - column.T).abs().mean()


def grid(steps: int) -> Tensor:
    place = torch.arange(steps).reshape((steps, 1))
    return place - torch.arange(steps)


def fixed_grid() -> Tensor:
    place = torch.linspace(0, 1, 5).view(5, 1)
    return place - torch.linspace(0, 1, 5)


def main() -> None:
    print(gaussian(torch.randn(4), 0.5).shape, energies(torch.randn(3, 1)).shape, grid(3).shape, fixed_grid().shape)


if __name__ == "__main__":
    main()
