"""Items of a list, dict or generator whose sizes are not known one by one: each has its own."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn


def doubled(n: int) -> tuple[Tensor, Tensor]:
    rows = []
    x = torch.zeros(2, 3)
    for _ in range(n):
        x = torch.cat([x, x], 0)
        rows.append(x)
    return rows[0].view(4, 3), rows[1].view(8, 3)


def ranges(k: int) -> list[Tensor]:
    rows = [torch.zeros(2 * i, 3) for i in range(k)]
    first, second, *_ = rows
    table = {i: torch.zeros(i, 3) for i in range(k)}
    return [first.view(0, 3), second.view(2, 3), rows[2].view(4, 3), table[1].view(1, 3), table[2].view(2, 3)]


def growing(words: list[str]) -> Iterator[Tensor]:
    for word in words:
        yield torch.zeros(len(word), 3)


def words() -> list[Tensor]:
    rows = growing(["a", "bb"])
    found = [next(rows).view(1, 3), next(rows).view(2, 3)]
    a, b = growing(["a", "bb"])
    c, d = map(lambda word: torch.zeros(len(word), 2), ["a", "bb"])
    return [*found, a.view(1, 3), b.view(2, 3), c.view(1, 2), d.view(2, 2)]


class Pyramid(nn.Module):
    def __init__(self, widths: list[int]) -> None:
        super().__init__()
        self.widths = widths
        self.first, self.second = nn.Linear(4, 2), nn.Linear(8, 2)

    def forward(self, x: Tensor) -> Tensor:
        levels = [x[..., :width] for width in self.widths]
        return self.first(levels[0]) + self.second(levels[1])


def main() -> None:
    print([x.shape for x in doubled(2)], [x.shape for x in ranges(3)], [x.shape for x in words()])
    print(Pyramid([4, 8])(torch.zeros(2, 9)).shape)


if __name__ == "__main__":
    main()
