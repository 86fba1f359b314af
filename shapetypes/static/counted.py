"""Outer products of which all elements are counted, as in `(predictions == labels).sum()`.

A column that meets a row may be meant: for pairs, each of which is then looked at. Where all that comes out of it is
one number, and nothing but columns and rows went into it, it is not.
"""

from __future__ import annotations

import ast
from typing import Any, Final

from shapetypes.core.shape import TensorSpec
from shapetypes.static import lints
from shapetypes.static.engine import Frame

_COUNTS: Final = frozenset({"all", "any", "count_nonzero", "mean", "nanmean", "sum", "reduce_mean", "reduce_sum"})
_EACH: Final = frozenset(
    {"astype", "bool", "byte", "clone", "cpu", "cuda", "detach", "double", "float", "half", "int", "long", "numpy"}
    | {"to", "type", "cast", "relu", "abs", "square", "pow", "exp", "log", "sqrt", "neg", "clamp", "clamp_min", "clip"}
    | {"sigmoid", "tanh", "softplus", "log1p"}
)
_PAIRED: Final = frozenset(
    {"add", "sub", "subtract", "mul", "multiply", "div", "divide", "min", "max", "minimum", "maximum"}
)
_ORDERS: Final = frozenset({"<", ">", "<=", ">="})


def joined(
    frame: Frame, node: ast.AST, sign: str, given: tuple[Any, Any], value: TensorSpec, sides: tuple[ast.expr, ast.expr]
) -> TensorSpec:
    """Remember an operation that stretches one side over the other, and what vectors and numbers make of its result.

    Args:
        frame: Where it stands.
        node: The operation.
        sign: Its sign.
        given: The operands.
        value: What it gives.
        sides: The operands as written.
    """
    a, b = given
    before = [_kept(frame, v) for v in given]
    if any(before):
        plain = all(kept is not None or _is_row(v) for kept, v in zip(before, given, strict=True))
        found = next(kept for kept in before if kept is not None)
        return _keep(frame, value, *found[1:]) if plain else value
    if sign in _ORDERS or not isinstance(a, TensorSpec) or not isinstance(b, TensorSpec):
        return value
    fault = lints.surprise(frame, sign, a, b, sides[0], sides[1], numbers=True, kept=True)
    return value if fault is None else _keep(frame, value, fault, frame, node)


def used(frame: Frame, node: ast.AST, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], value: Any) -> Any:
    """Report such a result whose elements are all counted; what is made of each of its elements stays one.

    A function that stands for an operator (`torch.min(a, b)`) stretches its operands as that would.

    Args:
        frame: Where a function or method of a tensor is called.
        node: The call.
        name: Its name.
        args: The tensor, and what follows it.
        kwargs: Its keywords.
        value: What it returns.
    """
    if name in _PAIRED and isinstance(value, TensorSpec) and len(args) == 2 and isinstance(node, ast.Call):
        return _paired(frame, node, name, args, value)
    kept = _kept(frame, args[0]) if args else None
    if kept is None:
        return value
    _, fault, where, at = kept
    if name in _EACH and isinstance(value, TensorSpec) and all(_is_row(v) for v in args[1:]):
        return _keep(frame, value, fault, where, at)
    if name in _COUNTS and len(args) == 1 and not kwargs.keys() & {"dim", "axis"} and where is frame:
        frame.report(fault, at)
    return value


def _paired(frame: Frame, node: ast.Call, name: str, given: tuple[Any, ...], value: TensorSpec) -> TensorSpec:
    a, b = given
    if any(isinstance(arg, ast.Starred) for arg in node.args):
        return value
    sides = node.args if len(node.args) == 2 else [getattr(node.func, "value", node), *node.args]
    if len(sides) != 2:
        return value
    both = isinstance(a, TensorSpec) and isinstance(b, TensorSpec)
    if both and lints.broadcast_surprise(frame, node, f"{name}()", a, b, sides[0], sides[1]):
        return value
    return joined(frame, node, f"{name}()", (a, b), value, (sides[0], sides[1]))


def _kept(frame: Frame, value: Any) -> Any:
    found = frame.engine.stretched.get(id(value))
    return found if found is not None and found[0] is value else None


def _keep(frame: Frame, value: TensorSpec, fault: Any, where: Frame, at: ast.AST) -> TensorSpec:
    value = TensorSpec(value.shape, value.dtype, library=value.library)
    frame.engine.stretched[id(value)] = (value, fault, where, at)
    return value


def _is_row(value: Any) -> bool:
    """Whether a value has no pairs: a number, a vector, a column."""
    if not isinstance(value, TensorSpec):
        return True
    return value.rank is not None and sum(not isinstance(p, int) or p != 1 for p in value.parts) < 2


__all__ = ["joined", "used"]
