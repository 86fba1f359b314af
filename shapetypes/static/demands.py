"""What a function demands of sizes itself, by `assert` or by raising, where a call surely does not meet it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from shapetypes.core.dim import Poly
from shapetypes.core.fault import Fault
from shapetypes.static import expressions as ex
from shapetypes.static.engine import Frame
from shapetypes.static.lints import source

_OF_TENSORS = frozenset({"shape", "ndim", "size", "dim", "numel"})
_OF_SIZES = (ast.Mod, ast.Mult, ast.FloorDiv)


def unmet(frame: Frame, test: ast.expr, holds: bool) -> None:
    """Report a condition on sizes that a call fails: `assert dim % heads == 0`, `if dim % heads: raise ...`.

    Only a call with actual values tells, on a path that hangs on nothing unknown, and where nobody waits for the error.

    Args:
        frame: The called function.
        test: The condition.
        holds: Whether it is meant to hold, as in `assert`, or not to hold, as before `raise`.
    """
    if not frame.chain or frame.state.conds or frame.engine.guarded:
        return
    for part in _parts(test, holds):
        fault = _fault(frame, part, holds)
        if fault is not None:
            frame.report(fault, part)
            return


def _parts(test: ast.expr, holds: bool) -> Iterator[ast.expr]:
    """The conditions of which each must be as meant."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And if holds else ast.Or):
        for value in test.values:
            yield from _parts(value, holds)
    else:
        yield test


def _fault(frame: Frame, test: ast.expr, holds: bool) -> Fault | None:
    subject = "assert" if holds else "raise"
    if not holds and isinstance(test, ast.BinOp) and isinstance(test.op, ast.Mod):
        return _indivisible(frame, subject, test)
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.Eq if holds else ast.NotEq):
        return None
    if len(test.ops) > 1 or not _about_sizes(test):
        return None
    left, right = test.left, test.comparators[0]
    if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Mod):
        return _indivisible(frame, subject, left) if _number(frame, right) == 0 else None
    got, want = _number(frame, left), _number(frame, right)
    if got is None or want is None or got == want:
        return None
    code = "rank-mismatch" if _is_rank(left) or _is_rank(right) else "dim-mismatch"
    return Fault(code, "value", subject, name=source(left), got=got, want=want)


def _is_rank(node: ast.expr) -> bool:
    """Whether an expression is how many axes there are: `x.ndim`, `x.dim()`, `len(x.shape)`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len":
        return any(isinstance(n, ast.Attribute) and n.attr == "shape" for n in node.args)
    found = node.func if isinstance(node, ast.Call) else node
    return isinstance(found, ast.Attribute) and found.attr in ("ndim", "dim")


def _indivisible(frame: Frame, subject: str, node: ast.BinOp) -> Fault | None:
    got, want = _number(frame, node.left), _number(frame, node.right)
    if not isinstance(got, int) or not isinstance(want, int) or want == 0 or got % want == 0:
        return None
    return Fault(
        "indivisible", "divide", subject, argument=source(node.left), name=source(node.right), got=got, want=want
    )


def _about_sizes(test: ast.expr) -> bool:
    """Whether the condition looks at a shape, or computes with sizes; a counter may have changed unseen."""
    return any(
        (isinstance(n, ast.Attribute) and n.attr in _OF_TENSORS)
        or (isinstance(n, ast.BinOp) and isinstance(n.op, _OF_SIZES))
        for n in ast.walk(test)
    )


def _number(frame: Frame, node: ast.expr) -> Any:
    """The int, or the tuple of ints, that an expression surely is; None for anything else."""
    with frame.engine.capture():
        value = ex.evaluate(frame, node)
    sizes = [
        frame.state.judge.reduce(v) if isinstance(v, Poly) else v
        for v in (value if isinstance(value, tuple) else (value,))
    ]
    if not all(isinstance(v, int) and not isinstance(v, bool) for v in sizes):
        return None
    return tuple(sizes) if isinstance(value, tuple) else sizes[0]


__all__ = ["unmet"]
