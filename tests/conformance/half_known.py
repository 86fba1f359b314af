"""Blurs the tensors of a real call, and asks whether what is inferred from the rest is true of the real result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapetypes.core.dim import Poly, is_unknown
from shapetypes.core.fault import ShapeError
from shapetypes.core.shape import TensorSpec, Unknown, Var, unknown_var
from shapetypes.ops import infer
from tests.conformance.calls import Made

Blur = Callable[[TensorSpec, int], TensorSpec]


def _nothing(t: TensorSpec, i: int) -> TensorSpec:
    return TensorSpec(None, t.dtype)


def _hidden(t: TensorSpec, i: int) -> TensorSpec:
    return TensorSpec((unknown_var(),), t.dtype)


def _last(t: TensorSpec, i: int) -> TensorSpec:
    return TensorSpec((unknown_var(), t.shape[-1]), t.dtype) if t.shape else t


def _first(t: TensorSpec, i: int) -> TensorSpec:
    return TensorSpec((t.shape[0], unknown_var()), t.dtype) if t.shape else t


def _ends(t: TensorSpec, i: int) -> TensorSpec:
    shape = t.shape or ()
    return TensorSpec((shape[0], unknown_var(), shape[-1]), t.dtype) if len(shape) > 1 else t


def _others(t: TensorSpec, i: int) -> TensorSpec:
    return t if i == 0 else _hidden(t, i)


def _only_first(t: TensorSpec, i: int) -> TensorSpec:
    return _hidden(t, i) if i == 0 else t


def _sizes(t: TensorSpec, i: int) -> TensorSpec:
    return TensorSpec((Unknown("?") for _ in t.shape or ()), t.dtype)


def _every_second(t: TensorSpec, i: int) -> TensorSpec:
    return TensorSpec((Unknown("?") if (k + i) % 2 else s for k, s in enumerate(t.shape or ())), t.dtype)


BLURS: dict[str, Blur] = {
    f.__name__.strip("_"): f
    for f in (_nothing, _hidden, _last, _first, _ends, _others, _only_first, _sizes, _every_second)
}


def blurred(value: Any, blur: Blur, count: list[int]) -> Any:
    """The arguments of a call with every tensor blurred."""
    if isinstance(value, TensorSpec):
        count[0] += 1
        return blur(value, count[0] - 1)
    if isinstance(value, tuple):
        return tuple(blurred(v, blur, count) for v in value)
    if isinstance(value, list):
        return [blurred(v, blur, count) for v in value]
    if isinstance(value, dict):
        return {k: blurred(v, blur, count) for k, v in value.items()}
    return value


def true_of(ours: Any, theirs: Any) -> bool:
    """Whether what is said leaves room for the real result."""
    if isinstance(ours, Unknown):
        return True
    if isinstance(theirs, TensorSpec):
        return isinstance(ours, TensorSpec) and _shape_true(ours, theirs.shape or ())
    if isinstance(theirs, (list, tuple)):
        same = isinstance(ours, (list, tuple)) and len(ours) == len(theirs)
        return same and all(true_of(a, b) for a, b in zip(ours, theirs, strict=True))
    return not isinstance(ours, (int, bool)) or ours == theirs


def _shape_true(ours: TensorSpec, shape: tuple[int, ...]) -> bool:
    if ours.shape is None:
        return True
    parts = ours.shape
    hidden = [i for i, p in enumerate(parts) if isinstance(p, Var)]
    if not hidden:
        return len(parts) == len(shape) and all(map(_size_true, parts, shape))
    front, back = hidden[0], len(parts) - hidden[-1] - 1
    return (
        len(parts) - len(hidden) <= len(shape)
        and all(map(_size_true, parts[:front], shape))
        and all(map(_size_true, parts[len(parts) - back :], shape[len(shape) - back :]))
    )


def _size_true(ours: Any, size: int) -> bool:
    return isinstance(ours, Unknown) or (isinstance(ours, Poly) and is_unknown(ours)) or ours == size


def untrue(made: Made, blur: Blur) -> str:
    """What is wrong with what we say of a call of which less is known; empty if nothing is."""
    count = [0]
    args, kwargs = blurred(made.args, blur, count), blurred(made.kwargs, blur, count)
    if not count[0]:
        return ""
    try:
        ours = infer(made.name, args, kwargs)
    except ShapeError as error:
        return f"refused: {error}"
    except Exception as error:
        return f"crashed: {error!r}"
    return "" if true_of(ours, made.result) else f"said {ours}, real {made.result}"
