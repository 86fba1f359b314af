"""Plain annotations of foreign code, which no one checks at run time, are no basis for reports."""

from shapetypes.static.api import Checker

PROGRAM = """
import torch
from torch import Tensor


def flattened(table: dict[str, list[Tensor]]) -> dict[str, Tensor]:
    dims = [v.dim() for v in table.values()]
    assert set(dims) == {3}
    return {k: v.flatten(0, 1) for k, v in table.items()}


def joined(parts: list[list[Tensor]]) -> Tensor:
    if any(p.shape[0] != 2 for p in parts):
        raise ValueError("two rows each")
    return torch.cat([p.reshape(2, -1) for p in parts], 1)


def main():
    return flattened({"a": torch.ones(2, 3, 4)}), joined([torch.ones(2, 3, 4)])
"""


def test_lists_that_are_tensors(tmp_path):
    path = tmp_path / "lists.py"
    path.write_text(PROGRAM)
    table: dict[str, object] = {}
    exec(PROGRAM, table)
    flat, joined = table["main"]()

    assert ((6, 4), (2, 12)) == (flat["a"].shape, joined.shape)
    assert () == tuple(Checker([]).check(str(path)).diagnostics)


TUPLES = """
from typing import Optional, Tuple

import torch
from torch import Tensor, nn


class Layer(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.dense = nn.Linear(width, width)

    def forward(self, states: Tuple[torch.FloatTensor], points: Optional[Tuple[Tensor, Tensor]] = None):
        batch = states.shape[0]
        if points is not None:
            batch = points.shape[0]
        return self.dense(states).view(batch, -1)


def main():
    x = torch.ones(2, 3)
    return Layer(3)(x, points=x)
"""


def test_tuples_that_are_tensors(tmp_path):
    path = tmp_path / "tuples.py"
    path.write_text(TUPLES)
    table: dict[str, object] = {}
    exec(TUPLES, table)

    assert (2, 3) == table["main"]().shape
    assert () == tuple(Checker([]).check(str(path)).diagnostics)


STARRED = """
import torch
from torch import Tensor


def mixed(*inputs: tuple[Tensor]):
    value, state = inputs
    if value.shape[-2:] != (3, 1):
        raise ValueError("another number of agents")
    return inputs[0].sum(-2) * state.mean()


def total(rows: list[tuple[Tensor, Tensor]]):
    return sum(row.sum(dim=0) for row in rows) + rows[0].shape[0]


def main():
    return mixed(torch.zeros(2, 3, 1), torch.ones(4)), total([torch.ones(3, 2)])
"""


def test_items_that_are_said_to_be_tuples(tmp_path):
    path = tmp_path / "starred.py"
    path.write_text(STARRED)
    table: dict[str, object] = {}
    exec(STARRED, table)

    assert [(2, 1), (2,)] == [tuple(value.shape) for value in table["main"]()]
    assert () == tuple(Checker([]).check(str(path)).diagnostics)


NUMBERS = """
import torch


def rotated(alphas: list[float], beta: float, step: int):
    found = [torch.cos(alpha) for alpha in alphas]
    return torch.stack(found) + torch.sin(beta) * torch.log(step + 1)


def main():
    return rotated(list(torch.ones(3)), torch.zeros(3), torch.ones(()))
"""


def test_numbers_that_are_tensors(tmp_path):
    path = tmp_path / "numbers.py"
    path.write_text(NUMBERS)
    table: dict[str, object] = {}
    exec(NUMBERS, table)

    assert (3,) == table["main"]().shape
    assert () == tuple(Checker([]).check(str(path)).diagnostics)
