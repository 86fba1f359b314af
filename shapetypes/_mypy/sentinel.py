"""The sentinel: a statement that makes mypy call us while it checks the top level of a module.

Used in the daemon, where no hook runs at the end of a module each time it is checked again, and in versions of mypy
that have no such hook at all.
"""

from __future__ import annotations

from typing import Final

from mypy.nodes import ARG_POS, CallExpr, Context, ExpressionStmt, MypyFile, NameExpr, Statement, StrExpr

FUNCTION: Final = "builtins.__import__"
_MARK: Final = "\0shapetypes"


def is_sentinel(node: Context | Statement) -> bool:
    """Whether this is the sentinel, as a statement or as the call in it."""
    call = node.expr if isinstance(node, ExpressionStmt) else node
    return (
        isinstance(call, CallExpr)
        and len(call.args) == 1
        and isinstance(call.args[0], StrExpr)
        and call.args[0].value == _MARK
    )


def insert(file: MypyFile) -> None:
    """Put the sentinel first into a module, where no code can make it unreachable."""
    if file.defs and is_sentinel(file.defs[0]):
        return
    name, mark = NameExpr("__import__"), StrExpr(_MARK)
    call = CallExpr(name, [mark], [ARG_POS], [None])
    statement = ExpressionStmt(call)
    for node in (name, mark, call, statement):
        node.set_line(1, 0)
    file.defs.insert(0, statement)
