"""A progress bar on stderr, for runs that take long; never where stderr is no terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

_PATIENCE: Final = 1.0
"""Seconds before a bar is shown."""

_T = TypeVar("_T")


def shown(items: Iterable[_T], total: int) -> Iterator[_T]:
    """The items, with a bar that tells how many of them have come; the bar is wiped away at the end."""
    if not sys.stderr.isatty():
        yield from items
        return
    bar: Any = None
    start = time.monotonic()
    try:
        for count, item in enumerate(items, 1):
            if bar is None and time.monotonic() - start > _PATIENCE and count < total:
                bar = _bar(total)
                if bar is None:  # without rich there is none
                    start = float("inf")
            if bar is not None:
                bar.update(bar.task_ids[0], completed=count)
            yield item
    finally:
        if bar is not None:
            bar.stop()


def _bar(total: int) -> Any:
    try:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    except ImportError:
        return None
    columns = (TextColumn("checking"), BarColumn(), MofNCompleteColumn(), TextColumn("files"), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.add_task("", total=total)
    bar.start()
    return bar
