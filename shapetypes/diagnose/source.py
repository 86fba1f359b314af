"""Lines of source with carets under them."""

from __future__ import annotations

import linecache
import tokenize
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

TAB = "    "
WIDTH = 110
"""How much of a long line is shown, in columns."""

Reader = Callable[[str], Sequence[str] | None]
"""Gives the lines of a file, or None when there are none to show."""


def read_lines(file: str) -> Sequence[str] | None:
    """The lines of a file as Python reads them, or None when it cannot be read.

    Files that are none (a notebook's cell, generated code) are taken from `linecache`.
    """
    if file.startswith("<") or file in linecache.cache:
        linecache.checkcache(file)
        return [line.rstrip("\r\n") for line in linecache.getlines(file)] or None
    try:
        if not Path(file).is_file():
            return None
        with tokenize.open(file) as stream:
            return stream.read().split("\n")
    except (OSError, SyntaxError, ValueError):
        return None


def shown_width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(map(_width, text))


def _width(c: str) -> int:
    if c.isascii():
        return 1
    if unicodedata.combining(c) or unicodedata.category(c) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(c) in "WF" else 1


def printable(text: str) -> str:
    """A line of source as it is shown: tabs as spaces, control characters as one visible character each."""
    return "".join(TAB if c == "\t" else "\N{REPLACEMENT CHARACTER}" if _steers(c) else c for c in text)


def _steers(c: str) -> bool:
    return not c.isprintable() and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")


def caret_line(line: str, column: int, end_column: int, mark: str, text: str = "") -> str:
    """A line of marks for the code points from `column` to `end_column` (from 1, end exclusive), and a label."""
    column = min(max(column, 1), len(line) + 1)
    end_column = min(max(end_column, column), len(line) + 1)
    before, inside = printable(line[: column - 1]), printable(line[column - 1 : end_column - 1])
    return " " * shown_width(before) + mark * max(shown_width(inside), 1) + (f" {text}" if text else "")


def crop(line: str, column: int, end_column: int) -> tuple[str, int]:
    """A long line cut to the part around the columns.

    Returns:
        The part with `...` where something is left out, and how many columns the marks move to the left.
    """
    if shown_width(printable(line)) <= WIDTH:
        return line, 0
    start = max(min(column - 1 - WIDTH // 3, len(line) - WIDTH), 0)
    if end_column - 1 <= WIDTH - 10:
        start = 0
    part = line[start : start + WIDTH]
    head, tail = "..." if start else "", "..." if start + WIDTH < len(line) else ""
    return head + part + tail, start - len(head)
