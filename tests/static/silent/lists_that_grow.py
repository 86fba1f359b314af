"""Lists that loops fill: their items differ, the loop leaves early, or the list is used on the way."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Chain(nn.Module):
    def __init__(self, sizes: list[int], depth: int, width: int) -> None:
        super().__init__()
        self.first = nn.ModuleList()
        last = 3
        for size in sizes:
            self.first.append(nn.Linear(last, size))
            last = size
        self.rest = nn.ModuleList()
        for i in range(depth):
            self.rest.append(nn.Linear(last if i == 0 else width, width))
        self.pairs = []
        for _ in range(depth):
            self.pairs.append(nn.Linear(width, 2 * width))
            self.pairs.append(nn.Linear(2 * width, width))
        self.both = nn.Sequential(*self.pairs)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.first:
            x = layer(x).relu()
        for layer in self.rest:
            x = layer(x).relu()
        return self.both(x)


def until(x: Float[Tensor, "b t f"], stop: int) -> Float[Tensor, "b t f"]:
    out = []
    for i, step in enumerate(x.unbind(1)):
        if i == stop:
            break
        out.append(step)
    for _ in range(x.shape[1] - stop):
        out.append(torch.zeros_like(x[:, 0]))
    return torch.stack(out, 1)


def some(x: Float[Tensor, "b t f"], steps: int) -> Float[Tensor, "b steps f"]:
    out = []
    for i in range(x.shape[1]):
        if i >= steps:
            continue
        out.append(x[:, i])
    return torch.stack(out, 1)


def halves(x: Float[Tensor, "b t f"], n: int) -> Float[Tensor, "b t f"]:
    first = x.chunk(n, dim=1)
    second = []
    for piece in x.split(n, dim=1):
        second.append(piece * 2)
    return torch.cat(first, 1) + torch.cat(second, 1)


def doubled(x: Float[Tensor, "b f"], n: int) -> Float[Tensor, "b g"]:
    parts = [x]
    for _ in range(n):
        parts.append(torch.cat([parts[-1], parts[-1]], -1))
    return parts[-1]


def twice(x: Float[Tensor, "t f"]) -> Float[Tensor, "u f"]:
    rows = []
    for row in x:
        rows.append(row)
        rows.append(row * 2)
    return torch.stack(rows)


def grids(x: Float[Tensor, "t f"], n: int) -> list[Float[Tensor, "_ f"]]:
    out = []
    for i in range(n):
        inner = []
        for row in x[: i + 1]:
            inner.append(row)
        out.append(torch.stack(inner))
    return out


def main() -> None:
    Chain([4, 5], 2, 6)(torch.randn(2, 3))
    x = torch.randn(2, 5, 3)
    until(x, 3)
    some(x, 2)
    halves(x, 2)
    doubled(x[:, 0], 2)
    twice(x[0])
    print([g.shape for g in grids(x[0], 3)])
