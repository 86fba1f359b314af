"""NumPy's functions that repeat, join, move and pad."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Poly
from shapetypes.core.shape import TensorSpec
from shapetypes.ops.call import Call, Unclear, replaced, rule
from shapetypes.ops.rules import diagonals, einsum, joining, layout
from shapetypes.ops.rules.arrays import array_like, np_elementwise, np_ravel, promoted
from shapetypes.ops.rules.reduce import cut


@rule
def np_clip(call: Call, a: Any, **bounds: Any) -> TensorSpec:
    """All broadcast. Source: `numpy.clip`."""
    out = array_like(call, a)
    for name in ("a_min", "a_max", "min", "max"):
        bound = bounds.get(name)
        if bound is not None and bound is not ...:
            out = np_elementwise(call, out, bound)
    return out


@rule
def np_round(call: Call, a: Any) -> TensorSpec:
    """`"*s" -> "*s"`. Source: `numpy.round`."""
    x = array_like(call, a)
    return x.with_shape(x.parts)


@rule
def np_tile(call: Call, A: Any, reps: Any) -> TensorSpec:  # noqa: N803  NumPy's own name
    """`"a b" -> "r*a s*b"`; missing repeats and axes count as 1. Source: `numpy.tile`."""
    return layout.tile(call, array_like(call, A), reps if isinstance(reps, (list, tuple)) else (reps,))


@rule
def np_repeat(call: Call, a: Any, repeats: Any, axis: Any = None) -> TensorSpec:
    """`"n *s" -> "r*n *s"` along one axis, or over all elements. Source: `numpy.repeat`."""
    x = array_like(call, a)
    if axis is None:
        x, axis = np_ravel(call, x), 0
    at = call.axis(x, axis)
    if isinstance(repeats, (list, tuple, TensorSpec)):
        return x.with_shape(replaced(x.parts, at, d.unknown("the sum of the repeats")))
    return x.with_shape(replaced(x.parts, at, call.size(repeats) * call.at(x, at)))


@rule
def np_moveaxis(call: Call, a: Any, source: Any, destination: Any) -> TensorSpec:
    """The axes in another order. Source: `numpy.moveaxis`."""
    return layout.move_axes(call, array_like(call, a), source, destination)


@rule
def np_roll(call: Call, a: Any, shift: Any, axis: Any = None) -> TensorSpec:
    """`"*s" -> "*s"`. Source: `numpy.roll`."""
    x = array_like(call, a)
    if axis is not None:
        call.places(x, axis if isinstance(axis, (list, tuple)) else (axis,))
    return x


@rule
def np_flip(call: Call, m: Any, axis: Any = None) -> TensorSpec:
    """`"*s" -> "*s"`. Source: `numpy.flip`."""
    x = array_like(call, m)
    return x if axis is None else diagonals.flip(call, x, axis if isinstance(axis, (list, tuple)) else (axis,))


@rule
def np_vstack(call: Call, tup: Any) -> TensorSpec:
    """Rows on top of each other. Source: `numpy.vstack`."""
    return _plain(joining.vstack(call, arrays := _arrays(call, tup)), arrays)


@rule
def np_hstack(call: Call, tup: Any) -> TensorSpec:
    """Joined along axis 1, vectors along axis 0. Source: `numpy.hstack`."""
    return _plain(joining.hstack(call, arrays := _arrays(call, tup)), arrays)


def _plain(out: TensorSpec, arrays: list[TensorSpec]) -> TensorSpec:
    """With the arrays' dtype where they have one (NumPy promotes otherwise than torch)."""
    return TensorSpec(out.shape, arrays[0].dtype if len({a.dtype for a in arrays}) == 1 else None)


def _arrays(call: Call, values: Any) -> list[TensorSpec]:
    if not isinstance(values, (list, tuple)):
        raise Unclear("the number of arrays is not known")
    return [array_like(call, v) for v in values]


@rule
def np_einsum(call: Call, operands: Any) -> TensorSpec:
    """Letters are sizes, as in torch. Source: `numpy.einsum`."""
    if not operands or not isinstance(operands[0], str):
        raise Unclear("the equation is not known")
    out = einsum.einsum(call, (operands[0], *(promoted(call, v) for v in operands[1:])))
    return TensorSpec(out.shape, None)


@rule
def np_outer(call: Call, a: Any, b: Any) -> TensorSpec:
    """`"n", "m" -> "n m"`. Source: `numpy.outer`."""
    x, y = np_ravel(call, a), np_ravel(call, b)
    return TensorSpec((*x.parts, *y.parts), x.dtype if x.dtype == y.dtype else None)


@rule
def np_norm(call: Call, x: Any, ord: Any = None, axis: Any = None, keepdims: Any = False) -> TensorSpec:
    """Without the named axes. Source: `numpy.linalg.norm`."""
    a = array_like(call, x)
    return TensorSpec(cut(call, a, axis, keepdims), a.dtype if a.dtype in ("float32", "float64") else None)


@rule
def np_pad(call: Call, array: Any, pad_width: Any) -> TensorSpec:
    """Each axis grows by its two paddings. Source: `numpy.pad`."""
    x = array_like(call, array)
    widths = _widths(pad_width, call.rank(x))
    return x.with_shape(
        d.unknown("a padded size") if w is None else size + w for size, w in zip(x.parts, widths, strict=True)
    )


def _widths(given: Any, rank: int) -> list[Any]:
    """What each axis grows by; None where that is not known."""
    if isinstance(given, int):
        return [2 * given] * rank
    if not isinstance(given, (list, tuple)) or not given:
        return [None] * rank
    if len(given) == 2 and all(isinstance(g, int) for g in given):
        return [given[0] + given[1]] * rank
    pairs = [_pair(g) for g in given]
    return pairs if len(pairs) == rank else pairs * rank if len(pairs) == 1 else [None] * rank


def _pair(given: Any) -> Any:
    if isinstance(given, (list, tuple)) and len(given) == 2 and all(isinstance(g, (int, Poly)) for g in given):
        return given[0] + given[1]
    return None


__all__ = [
    "np_clip",
    "np_einsum",
    "np_flip",
    "np_hstack",
    "np_moveaxis",
    "np_norm",
    "np_outer",
    "np_pad",
    "np_repeat",
    "np_roll",
    "np_round",
    "np_tile",
    "np_vstack",
]
