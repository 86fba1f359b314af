"""Comparisons that are counted, as in `(predictions == labels).sum()`, where one side was stretched over the other."""

from __future__ import annotations

import ast
from typing import Any, Final

from shapetypes.core.shape import TensorSpec
from shapetypes.static import lints
from shapetypes.static.engine import Frame

_COUNTS: Final = frozenset({"all", "any", "count_nonzero", "mean", "nanmean", "sum", "reduce_mean", "reduce_sum"})
_CASTS: Final = frozenset(
    {"astype", "bool", "byte", "clone", "cpu", "cuda", "detach", "double", "float", "half", "int", "long", "numpy"}
    | {"to", "type", "cast"}
)


def compared(
    frame: Frame, node: ast.AST, sign: str, a: TensorSpec, b: TensorSpec, value: TensorSpec, sides: list[ast.expr]
) -> TensorSpec:
    """Remember a comparison that stretches one side: meant for pairs, unless all of it is counted.

    Args:
        frame: Where it stands.
        node: The comparison.
        sign: `==` or `!=`.
        a: The left operand.
        b: The right operand.
        value: What it gives.
        sides: The operands as written.
    """
    fault = lints.surprise(frame, sign, a, b, sides[0], sides[1], numbers=True)
    if fault is None:
        return value
    value = TensorSpec(value.shape, value.dtype, library=value.library)
    frame.engine.stretched[id(value)] = (value, fault, frame, node)
    return value


def used(frame: Frame, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], value: Any) -> Any:
    """Report a stretched comparison whose elements are all counted; a cast of one stays one.

    Args:
        frame: Where a function or method of a tensor is called.
        name: Its name.
        args: The tensor, and what follows it.
        kwargs: Its keywords.
        value: What it returns.
    """
    kept = frame.engine.stretched.get(id(args[0])) if args else None
    if kept is None or kept[0] is not args[0]:
        return value
    _, fault, where, at = kept
    if name in _CASTS and isinstance(value, TensorSpec):
        value = TensorSpec(value.shape, value.dtype, library=value.library)
        frame.engine.stretched[id(value)] = (value, fault, where, at)
    elif name in _COUNTS and len(args) == 1 and not kwargs.keys() & {"dim", "axis"} and where is frame:
        frame.report(fault, at)
    return value


__all__ = ["compared", "used"]
