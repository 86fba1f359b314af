"""The table of mutants by operator."""

from __future__ import annotations

from collections.abc import Iterable

Counts = dict[str, list[int]]
"""Of each operator: mutants, broken ones, those found, those found on their line, silent ones, false reports."""


def added(parts: Iterable[Counts]) -> Counts:
    """The counts of several models together."""
    out: Counts = {}
    for part in parts:
        for operator, row in part.items():
            out[operator] = [a + b for a, b in zip(out.get(operator, [0] * len(row)), row, strict=True)]
    return out


def text(counts: Counts) -> str:
    """One line for each operator, and one for all of them."""
    head = f"{'operator':40}{'mutants':>8}{'broken':>8}{'found':>7}{'%':>7}{'on line':>9}{'silent':>8}{'false':>7}"
    total = [sum(column) for column in zip(*counts.values(), strict=True)]
    return "\n".join([head, *(_row(name, counts[name]) for name in sorted(counts)), _row("all", total)])


def _row(name: str, row: list[int]) -> str:
    mutants, broken, hit, located, silent, false = row
    share = 100 * hit / broken if broken else 100
    return f"{name:40}{mutants:8}{broken:8}{hit:7}{share:7.1f}{located:9}{silent:8}{false:7}"
