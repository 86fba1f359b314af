"""What losses have in common: reductions, and targets that belong to an input."""

from __future__ import annotations

from typing import Any

from shapetypes.core.dim import Dim
from shapetypes.core.dtype import FLOATS, as_set, promote
from shapetypes.core.fault import ShapeError
from shapetypes.core.shape import TensorSpec
from shapetypes.ops.call import Call, Unclear

DTypeLike = str | frozenset[str] | None


def reduced(
    call: Call,
    shape: tuple[Any, ...],
    dtype: DTypeLike,
    reduction: Any,
    size_average: Any = None,
    reduce: Any = None,
) -> TensorSpec:
    """The loss after its reduction: `shape` for `"none"`, a scalar for the others.

    Args:
        call: The call.
        shape: The loss of each element (elements).
        dtype: The loss's dtype.
        reduction: `"none"`, `"mean"`, `"sum"` or `"batchmean"`.
        size_average: torch's older spelling.
        reduce: torch's older spelling; False means `"none"`.

    Raises:
        Unclear: the reduction is not known.
    """
    if size_average is not None or reduce is not None:
        reduction = "mean" if reduce is None or call.flag(reduce) else "none"
    if not isinstance(reduction, str):
        raise Unclear("the reduction is not known")
    return TensorSpec(shape if reduction == "none" else (), dtype)


def belongs(call: Call, input: TensorSpec, i: int, target: TensorSpec, j: int) -> None:
    """Require an axis of the target to equal an axis of the input.

    Raises:
        ShapeError: they surely differ (`target-mismatch`).
    """
    try:
        call.match(input, i, target, j)
    except ShapeError as error:
        fault = error.fault
        raise ShapeError(fault=fault and fault.but(code="target-mismatch", kind="target")) from None


def alike(call: Call, input: TensorSpec, target: TensorSpec) -> None:
    """Require the target to have the input's shape, also where torch would broadcast it.

    Raises:
        ShapeError: it surely has another (`target-mismatch`).
    """
    call.same_shape(input, target, "target-mismatch")


def strangers(call: Call, input: TensorSpec, target: TensorSpec, want: tuple[Any, ...]) -> None:
    """Refuse a target whose rank does not go with the input; `want` is the shape it should have.

    Raises:
        ShapeError: always (`target-mismatch`).
    """
    call.fail(
        "target-mismatch",
        "target",
        argument=target.label or None,
        other=input.label or None,
        got=target.shape,
        want=want,
    )


def indices(call: Call, target: TensorSpec, allowed: frozenset[str] = frozenset({"int64", "uint8"})) -> None:
    """Require a target of class indices to have a dtype that torch indexes with.

    Raises:
        ShapeError: it surely has another.
    """
    have = as_set(target.dtype)
    if have is not None and have.isdisjoint(allowed):
        call.fail("dtype-mismatch", "dtype", argument=target.label or None, got=target.dtype, want="int64")


def promoted_float(call: Call, input: TensorSpec, target: TensorSpec) -> DTypeLike:
    """The promoted dtype of input and target, which must be a floating one.

    Raises:
        ShapeError: neither is floating.
    """
    out = promote(input.dtype, target.dtype)
    names = as_set(out)
    if names is not None and names.isdisjoint(FLOATS):
        call.fail("dtype-mismatch", "dtype", argument=input.label or None, got=input.dtype, want="Float")
    return out


def class_weight(call: Call, input: TensorSpec, axis: int, weight: Any) -> None:
    """Require the weights of the classes to be `"classes"`.

    Raises:
        ShapeError: they surely have another shape.
    """
    if not isinstance(weight, TensorSpec):
        return
    try:
        call.rank(weight, 1)
    except Unclear:
        return
    call.match(input, axis, weight, 0)


def without(parts: tuple[Any, ...], axis: int) -> tuple[Dim, ...]:
    """A shape without one of its axes."""
    return parts[:axis] + parts[axis + 1 :]
