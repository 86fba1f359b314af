"""NumPy's random arrays, by the legacy functions and by `Generator`."""

from __future__ import annotations

from typing import Any

from shapetypes.core.dim import Poly
from shapetypes.core.dtype import canonical
from shapetypes.core.shape import Number, TensorSpec, Unknown
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules.arrays import array_like, array_shape


def _drawn(call: Call, size: Any, dtype: str | None, *parameters: Any) -> TensorSpec | Number:
    """An array of the given shape, to which the parameters must broadcast; without one, of their common shape."""
    arrays = [array_like(call, p) for p in parameters if p is not None]
    if size is None:
        shape = call.broadcast(*arrays) if arrays else ()
        return TensorSpec(shape, dtype) if shape else Number("a random number")
    sizes = array_shape(call, size)
    for x in arrays:
        call.expand_to(x, sizes)
    return TensorSpec(sizes, dtype)


@rule
def np_random_sizes(call: Call, sizes: Any) -> TensorSpec | Number:
    """The given sizes, float64. Source: `numpy.random.rand`, `randn`."""
    return _drawn(call, tuple(sizes) or None, "float64")


@rule
def np_random(call: Call, size: Any = None, dtype: Any = None) -> TensorSpec | Number:
    """The given shape, float64. Source: `numpy.random.random`, `Generator.random`, `standard_normal`."""
    name = "float64" if dtype is None else canonical(dtype) if isinstance(dtype, str) else None
    return _drawn(call, size, name)


@rule
def np_random_drawn(call: Call, size: Any = None, **parameters: Any) -> TensorSpec | Number:
    """The given shape, float64; the parameters broadcast to it. Source: `numpy.random.normal`, `uniform`, `beta`."""
    return _drawn(call, size, "float64", *(v for k, v in parameters.items() if k not in ("self", "dtype", "out")))


@rule
def np_random_integers(call: Call, low: Any, high: Any = None, size: Any = None, dtype: Any = None) -> Any:
    """The given shape, int64. Source: `numpy.random.randint`, `Generator.integers`."""
    name = "int64" if dtype is None or dtype is int else canonical(dtype) if isinstance(dtype, str) else None
    out = _drawn(call, size, name, low, high)
    return Unknown("a random int") if isinstance(out, Number) else out


@rule
def np_random_choice(call: Call, a: Any, size: Any = None) -> Any:
    """The given shape, of items of `a` (of ints below it). Source: `numpy.random.choice`."""
    if size is None:
        return Unknown("a random item")
    count = isinstance(a, (int, Poly))
    items = TensorSpec((a,), "int64") if count else array_like(call, a)
    if items.rank != 1:
        raise Unclear("a choice from an array of several axes")
    return TensorSpec(array_shape(call, size), items.dtype)


@rule
def np_random_permutation(call: Call, x: Any) -> TensorSpec:
    """`"n"` of ints, or an array's rows in another order. Source: `numpy.random.permutation`."""
    if isinstance(x, (int, Poly)):
        return TensorSpec((x,), "int64")
    return array_like(call, x)


__all__ = [
    "np_random",
    "np_random_choice",
    "np_random_drawn",
    "np_random_integers",
    "np_random_permutation",
    "np_random_sizes",
]
