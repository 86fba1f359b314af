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
