"""What the rules of layers share: arguments of constructors, spatial sizes, least sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim, Poly
from shapetypes.core.dtype import as_set, canonical, disjoint
from shapetypes.core.shape import TensorSpec, Unknown, Var, unknown_var
from shapetypes.ops.apply import Layer
from shapetypes.ops.call import Call, Unclear

NOT_GIVEN = Unknown("an argument of the constructor is not known")


def option(layer: Layer, name: str, default: Any = NOT_GIVEN) -> Any:
    """An argument of a layer's constructor; `Unknown` when it is not known (a lazy layer has no in-sizes)."""
    return layer.args.get(name, default)


def known(value: Any) -> bool:
    """Whether an argument is known at all."""
    return not isinstance(value, (Unknown, TensorSpec))


def ints(call: Call, values: Any, count: int, name: str) -> tuple[Dim, ...]:
    """An int or a sequence of `count` ints (a kernel size, a stride); fresh unknown ones where not known."""
    if isinstance(values, (Unknown, TensorSpec)):
        return tuple(d.unknown(name) for _ in range(count))
    if isinstance(values, (list, tuple)) and len(values) not in (1, count):
        if any(isinstance(v, Var) for v in values):
            raise Unclear(f"`{name}` is not known")
        call.fail("rank-mismatch", "count", name=f"values in `{name}`", got=len(values), want=count)
    return call.ints(values, count)


def at_least(call: Call, value: Any, least: int, name: str) -> None:
    """Refuse an int argument below a limit."""
    value = call.judge.reduce(value) if isinstance(value, Poly) else value
    if isinstance(value, int) and value < least:
        call.fail("dim-mismatch", "least", name=name, got=value, want=least)


def all_at_least(call: Call, values: Sequence[Any], least: int, name: str) -> None:
    """Refuse int arguments below a limit."""
    for value in values:
        at_least(call, value, least, name)


def size_at_least(call: Call, x: TensorSpec, axis: int, least: Dim, name: str | None = None, detail: str = "") -> None:
    """Refuse a tensor whose axis is surely shorter than an operation needs (elements)."""
    gap = call.judge.reduce(call.at(x, axis)) - call.judge.reduce(least)
    if isinstance(gap, int) and gap < 0:
        at = axis if axis >= 0 or x.rank is None else axis + x.rank
        shown = {"argument": x.label or None, "axis": at, "got": x.parts[axis], "want": least}
        call.fail("dim-mismatch", "least", name=name, detail=detail, **shown)


def leading(x: TensorSpec, count: int) -> tuple[Any, ...]:
    """The axes before the last `count`; unknown ones when a variadic part reaches into those."""
    parts = x.parts
    if any(isinstance(p, Var) for p in parts[len(parts) - count :]) or len(parts) < count:
        return (unknown_var(),)
    return parts[: len(parts) - count]


def spatial_rank(call: Call, x: TensorSpec, count: int) -> int:
    """The rank of an input with channels and `count` spatial axes, with or without a batch axis."""
    return call.rank(x, count + 2, count + 1)


def layer_dtype(call: Call, layer: Layer, *tensors: TensorSpec) -> Any:
    """Require tensors to have the dtype of a layer's parameters; the dtype of what it returns.

    The dtype is known only where the constructor was given one; parameters are floating or complex in any case.
    """
    own = layer.args.get("dtype")
    own = canonical(own) if isinstance(own, str) else None
    for x in tensors:
        call.dtype(x, "Inexact")
        if disjoint(x.dtype, own):
            call.fail("dtype-mismatch", "dtype", argument=x.label or None, got=x.dtype, want=own)
        call.same_dtype(tensors[0], x)
    return own or next((x.dtype for x in tensors if x.dtype is not None), None)


def one_of(call: Call, x: TensorSpec, allowed: frozenset[str]) -> None:
    """Refuse a tensor whose dtype is surely none of these."""
    have = as_set(x.dtype)
    if have is not None and have.isdisjoint(allowed):
        call.fail("dtype-mismatch", "dtype", argument=x.label or None, got=x.dtype, want=allowed)


def number(call: Call, value: Any) -> int | None:
    """A size as a plain number, or None where it is symbolic."""
    value = call.judge.reduce(value) if isinstance(value, Poly) else value
    return value if isinstance(value, int) else None
