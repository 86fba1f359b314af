"""Reading Python source: `ast.parse` for programs with several threads."""

from __future__ import annotations

import ast
import os
import threading
from typing import Any, Literal, overload

_TRIES = 20
_lock = threading.Lock()


def _renew() -> None:
    """In a forked process nobody is left to release the lock."""
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)


@overload
def parse(source: str | bytes, mode: Literal["exec"] = "exec", file: str = "<unknown>") -> ast.Module: ...
@overload
def parse(source: str | bytes, mode: Literal["eval"], file: str = "<unknown>") -> ast.Expression: ...
def parse(source: str | bytes, mode: Any = "exec", file: str = "<unknown>") -> Any:
    """The tree of a source.

    Before Python 3.12 the interpreter counts its depth in a tree for all threads together, and gives up with a
    SystemError where two of them make trees at the same time.

    Raises:
        SyntaxError, ValueError, MemoryError, RecursionError: as `ast.parse` does.
    """
    with _lock:
        for _ in range(_TRIES):
            try:
                return ast.parse(source, file, mode)
            except SystemError:  # another thread makes a tree without this lock
                continue
    raise SyntaxError("the source cannot be read while other threads read theirs")
