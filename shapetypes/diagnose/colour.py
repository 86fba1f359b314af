"""Colour for terminals, when rich is installed. Messages themselves are made without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import IO, Final

_STYLES: Final = (
    (r"^error\[[\w-]+\]|(?<=: )error(?=: )", "bold red"),
    (r"^warning\[[\w-]+\]|(?<=: )warning(?=: )", "bold yellow"),
    (r"^note\[[\w-]+\]|(?<=: )note(?=: )", "bold blue"),
    (r"^ *(-->|:::|\||=|:(?= |$))|^ *\d+ \|", "blue"),
    (r"(?<=\| )\s*\^+.*", "bold red"),
    (r"(?<=\| )\s*-+( .*)?$", "blue"),
    (r"^ +\^+$", "bold red"),
    (r"`[^`]*`", "bold"),
)


def printer(stream: IO[str]) -> Callable[[str], None]:
    """A function that prints a message to a stream, in colour if that is a terminal and rich is installed."""

    def plain(text: str) -> None:
        stream.write(text + "\n")

    if not stream.isatty():
        return plain
    try:
        from rich.console import Console
        from rich.text import Text
    except ImportError:
        return plain
    console = Console(file=stream, soft_wrap=True, highlight=False)

    def coloured(text: str) -> None:
        for line in text.split("\n"):
            styled = Text(line)
            for pattern, style in _STYLES:
                styled.highlight_regex(re.compile(pattern), style)
            console.print(styled)

    return coloured
