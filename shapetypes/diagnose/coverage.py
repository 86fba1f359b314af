"""How much of some code could be followed, and what is missing most: in words, as tables, as an object."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Final, Protocol

from shapetypes.core.fault import Place

OPS: Final = 25
"""How many ops without a stub are listed in words."""


class FileReport(Protocol):
    """What is told of here of the result of a file."""

    path: str
    functions: int
    known: int
    unknown: int
    crashes: int
    full: int
    lacking: dict[str, tuple[int, Place]]
    met: int
    met_known: int


def lacking(reports: Sequence[FileReport]) -> list[tuple[str, int, Place]]:
    """What is called with tensors and has no stub, the most frequent first, each with one place."""
    found: dict[str, tuple[int, Place]] = {}
    for report in reports:
        for name, (count, place) in report.lacking.items():
            before = found.get(name, (0, place))
            found[name] = before[0] + count, before[1]
    return sorted(((name, *rest) for name, rest in found.items()), key=lambda item: (-item[1], item[0]))


def totals(reports: Sequence[FileReport], file: str = "total") -> dict[str, Any]:
    """The counts of some files."""
    known, unknown = sum(r.known for r in reports), sum(r.unknown for r in reports)
    return {
        "file": file,
        "functions": sum(r.functions for r in reports),
        "given_up": sum(r.crashes for r in reports),
        "expressions": known + unknown,
        "rank_known": known,
        "sizes_known": sum(r.full for r in reports),
        "shaped": sum(r.met for r in reports),
        "shaped_rank_known": sum(r.met_known for r in reports),
    }


def rows(reports: Sequence[FileReport]) -> list[dict[str, Any]]:
    """The counts of each file that has tensors in it, the least known first."""
    found = [totals([report], report.path) for report in reports if report.known + report.unknown]
    return sorted(found, key=lambda row: (row["rank_known"] - row["expressions"], row["file"]))


def to_object(reports: Sequence[FileReport]) -> dict[str, Any]:
    """The object for other programs."""
    ops = [
        {"name": name, "count": count, "file": place.file, "line": place.line, "column": place.column}
        for name, count, place in lacking(reports)
    ]
    return {"version": 1, "total": totals(reports), "files": rows(reports), "without_stub": ops}


def show(reports: Sequence[FileReport]) -> None:
    """Print what was found: tables where stdout is a terminal and rich is installed, plain columns elsewhere."""
    files = [_cells(row) for row in (*rows(reports), totals(reports))]
    ops = [(str(count), name, f"{at.file}:{at.line}") for name, count, at in lacking(reports)[:OPS]]
    head = ("file", "functions", "tensor expressions", "rank known", "all sizes known", "shaped, rank known")
    _table(head, files)
    if ops:
        print()
        _table(("calls", "has no stub", "for example"), ops)


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    all_of = row["expressions"]
    return (
        row["file"],
        str(row["functions"]),
        str(all_of),
        _share(row["rank_known"], all_of),
        _share(row["sizes_known"], all_of),
        _share(row["shaped_rank_known"], row["shaped"]),
    )


def _share(part: int, whole: int) -> str:
    return f"{part} ({100 * part / whole:.0f} %)" if whole else "0"


def _table(head: tuple[str, ...], lines: Sequence[tuple[str, ...]]) -> None:
    if sys.stdout.isatty() and _rich_table(head, lines):
        return
    table = [head, *lines]
    widths = [max(len(line[i]) for line in table) for i in range(len(head))]
    left = [i for i, text in enumerate(head) if text in _TEXTS]
    for line in table:
        cells = [c.ljust(widths[i]) if i in left else c.rjust(widths[i]) for i, c in enumerate(line)]
        print("  ".join(cells).rstrip())


_TEXTS: Final = ("file", "has no stub", "for example")


def _rich_table(head: tuple[str, ...], lines: Sequence[tuple[str, ...]]) -> bool:
    try:
        from rich.console import Console
        from rich.table import Table
    except ImportError:
        return False
    table = Table()
    for text in head:
        table.add_column(text, justify="left" if text in _TEXTS else "right", overflow="fold")
    for line in lines:
        table.add_row(*line, end_section=line is lines[-2] if len(lines) > 1 else False)
    Console().print(table)
    return True
