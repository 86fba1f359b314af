import torch
from jaxtyping import Float, Int
from torch import Tensor


def batched(x: Float[Tensor, "*batch n d"]) -> Float[Tensor, "batch n d"]:
    if x.ndim == 2:
        return x.unsqueeze(0)
    if x.dim() == 3:
        return x
    raise ValueError("two or three axes")


def box(value: Float[Tensor, "*batch d"], points: Float[Tensor, "batch n d"]) -> Float[Tensor, "batch d"]:
    size, d = points.shape[0], points.shape[-1]
    if tuple(value.shape) == (d,):
        return value.reshape(1, d).expand(size, d)
    if value.shape == (size, d):
        return value
    raise ValueError("one box, or one for each batch")


def order(points: Float[Tensor, "n d"]) -> Int[Tensor, " n"]:
    n, d = points.shape
    if n == 0:
        return torch.arange(0)
    return points.sum(1).argsort()


def centres(cells: Float[Tensor, "cells vertices d"]) -> Float[Tensor, "cells d"]:
    n, vertices, d = cells.shape
    match (vertices, d):
        case (1, _):
            return cells.squeeze(1)
        case (2, _):
            return cells.mean(dim=1)
    return cells.amax(1)


def table(n_edges: int, edges: Int[Tensor, " n_edges"]) -> Int[Tensor, "n_edges 2"]:
    out = torch.full((n_edges, 2), -1)
    out[:, 0] = edges
    return out


def columns(x: Float[Tensor, "b k 1"]) -> Float[Tensor, "b k"]:
    found = []
    for i in range(x.shape[1]):
        found.append(x[:, i, :])
    return torch.cat(found, axis=-1)


def main() -> None:
    print(batched(torch.zeros(4, 2)).shape, batched(torch.zeros(3, 4, 2)).shape)
    print(box(torch.zeros(2), torch.zeros(3, 4, 2)).shape, box(torch.zeros(3, 2), torch.zeros(3, 4, 2)).shape)
    print(order(torch.zeros(0, 2)).shape, order(torch.zeros(3, 2)).shape)
    print(centres(torch.zeros(2, 1, 3)).shape, centres(torch.zeros(2, 2, 3)).shape, centres(torch.zeros(2, 3, 3)).shape)
    print(table(3, torch.arange(3)).shape, columns(torch.zeros(2, 3, 1)).shape)


if __name__ == "__main__":
    main()
