"""What torch's functions take for a tensor, and is a table of tensors: its items have names."""

from typing import Any

import numpy as np
import torch
from torch import Tensor


class Table:
    """Tensors by name, on which `torch.stack` and `torch.mean` work item by item."""

    def __init__(self, items: dict[str, Tensor]) -> None:
        self.items = items

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> "Table":
        rows = [a.items for a in args[0]]
        return Table({name: func([row[name] for row in rows], **(kwargs or {})) for name in rows[0]})

    def mean(self) -> "Table":
        return Table({name: item.mean() for name, item in self.items.items()})

    def __getitem__(self, name: Any) -> Tensor:
        return self.items[name if isinstance(name, str) else name[0]]

    def __setitem__(self, name: str, value: Tensor) -> None:
        self.items[name] = value


def losses(update: Any, turns: int) -> tuple[Tensor, Tensor]:
    rows = []
    for _ in range(turns):
        rows.append(update())
    mean = torch.stack(rows).mean()
    mean["both"] = mean["actor"] + mean["critic"]
    return mean["both"], mean["actor", "critic"]


def update() -> Table:
    return Table({"actor": torch.ones(3), "critic": torch.zeros(3)})


def records() -> Any:
    points = np.zeros(4, dtype=[("x", "f4"), ("y", "f4")])
    points["x"] = np.arange(4)
    return points["x"].reshape(2, 2)


def main() -> None:
    print([loss.shape for loss in losses(update, 3)], records())


if __name__ == "__main__":
    main()
