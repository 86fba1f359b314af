"""NumPy's functions that find, pick and order elements, and those that cut arrays into pieces."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.call import Call, Unclear, replaced, rule
from shapetypes.ops.rules.arrays import array_like, np_comparison, np_concatenate, np_mean, np_ravel
from shapetypes.ops.rules.reduce import cut


@rule
def np_nonzero(call: Call, a: Any) -> tuple[TensorSpec, ...]:
    """`"*s" -> ("? n", ...)`, one for each axis. Source: `numpy.nonzero`."""
    x = array_like(call, a)
    call.least(x, 1)
    count = d.unknown("how many are true")
    return tuple(TensorSpec((count,), "int64") for _ in range(call.rank(x)))


@rule
def np_argwhere(call: Call, a: Any) -> TensorSpec:
    """`"*s" -> "? n rank"`. Source: `numpy.argwhere`."""
    return TensorSpec((d.unknown("how many are true"), call.rank(array_like(call, a))), "int64")


@rule
def np_isin(call: Call, element: Any) -> TensorSpec:
    """`"*s" -> Bool "*s"`. Source: `numpy.isin`."""
    return TensorSpec(array_like(call, element).parts, "bool")


@rule
def np_meshgrid(call: Call, xi: Any, copy: Any = True, sparse: Any = False, indexing: Any = "xy") -> tuple[Any, ...]:
    """`"n", "m" -> "m n", "m n"`; `"n m"` with `indexing="ij"`. Source: `numpy.meshgrid`."""
    if sparse is not False or indexing not in ("xy", "ij"):
        raise Unclear("how the grid is made")
    arrays = [np_ravel(call, x) for x in xi]
    sizes = [x.parts[0] for x in arrays]
    if indexing == "xy":
        sizes[:2] = sizes[1::-1]
    return tuple(TensorSpec(sizes, x.dtype) for x in arrays)


@rule
def np_interp(call: Call, x: Any, xp: Any, fp: Any) -> TensorSpec:
    """`"*s", "n", "n" -> "*s"`. Source: `numpy.interp`."""
    places, values = array_like(call, xp), array_like(call, fp)
    call.rank(places, 1)
    call.match(values, 0, places, 0)
    return TensorSpec(array_like(call, x).parts, None)


@rule
def np_diag(call: Call, v: Any, k: Any = 0) -> TensorSpec:
    """`"n" -> "n n"`, `"n m" -> "min(n,m)"`. Source: `numpy.diag`."""
    x, shift = array_like(call, v), call.integer(k)
    if call.rank(x) == 1:
        size = call.at(x, 0) + abs(shift) if isinstance(shift, int) else d.unknown("a diagonal beside")
        return x.with_shape((size, size))
    call.rank(x, 2)
    return x.with_shape((d.minimum(call.at(x, 0), call.at(x, 1)) if shift == 0 else d.unknown("a diagonal beside"),))


@rule
def np_triangle(call: Call, m: Any) -> TensorSpec:
    """`"*s n m" -> "*s n m"`, a vector once a row. Source: `numpy.triu`, `tril`."""
    x = array_like(call, m)
    call.least(x, 1)
    return x.with_shape((*x.parts, *x.parts) if x.rank == 1 else x.parts)


@rule
def np_quantile(call: Call, a: Any, q: Any, axis: Any = None, keepdims: Any = False) -> TensorSpec:
    """`"*s", "*q" -> "*q *rest"`. Source: `numpy.quantile`, `percentile`."""
    x = array_like(call, a)
    if axis is not None:
        call.least(x, 1)
    rest = cut(call, x, axis, keepdims)
    return TensorSpec(None if rest is None else (*array_like(call, q).parts, *rest))


@rule
def np_digitize(call: Call, x: Any, bins: Any) -> TensorSpec:
    """`"*s", "n" -> "*s"`. Source: `numpy.digitize`."""
    call.rank(array_like(call, bins), 1)
    return TensorSpec(array_like(call, x).parts, "int64")


@rule
def np_searchsorted(call: Call, a: Any, v: Any) -> TensorSpec:
    """`"n", "*s" -> "*s"`. Source: `numpy.searchsorted`."""
    return np_digitize(call, v, a)


@rule
def np_average(call: Call, a: Any, axis: Any = None, weights: Any = None, returned: Any = False) -> TensorSpec:
    """Without the named axes. Source: `numpy.average`."""
    if returned is not False:
        raise Unclear("the sum of the weights too")
    return np_mean(call, a, axis) if weights is None else TensorSpec(np_mean(call, a, axis).shape, None)


@rule
def np_atleast(call: Call, arys: Any, rank: int = 1) -> TensorSpec:
    """`"" -> "1"`, other shapes stay. Source: `numpy.atleast_1d`."""
    if len(arys) != 1:
        raise Unclear("several arrays")
    x = array_like(call, arys[0])
    return x.with_shape((1,) * (rank - call.rank(x)) + x.parts)


@rule
def np_atleast_2d(call: Call, arys: Any) -> TensorSpec:
    """`"n" -> "1 n"`, larger ones stay. Source: `numpy.atleast_2d`."""
    return np_atleast(call, arys, 2)


@rule
def np_flipped(call: Call, m: Any, least: int = 2) -> TensorSpec:
    """`"n m *s" -> "n m *s"`. Source: `numpy.fliplr`."""
    x = array_like(call, m)
    call.least(x, least)
    return x.with_shape(x.parts)


@rule
def np_flipped_up(call: Call, m: Any) -> TensorSpec:
    """`"n *s" -> "n *s"`. Source: `numpy.flipud`."""
    return np_flipped(call, m, 1)


@rule
def np_rot90(call: Call, m: Any, k: Any = 1, axes: Any = (0, 1)) -> TensorSpec:
    """`"n m" -> "m n"` for odd turns. Source: `numpy.rot90`."""
    x, turns = array_like(call, m), call.integer(k)
    i, j = call.axes(x, axes)
    if not isinstance(turns, int):
        raise Unclear("how often it is turned")
    return x if turns % 2 == 0 else x.with_shape(replaced(replaced(x.parts, i, x.parts[j]), j, x.parts[i]))


@rule
def np_take(call: Call, a: Any, indices: Any, axis: Any = None) -> TensorSpec:
    """`"*s n *t", "*i" -> "*s *i *t"`. Source: `numpy.take`."""
    x, picked = (np_ravel(call, a) if axis is None else array_like(call, a)), array_like(call, indices)
    at = call.axis(x, 0 if axis is None else axis)
    return x.with_shape((*x.parts[:at], *picked.parts, *x.parts[at + 1 :]))


@rule
def np_append(call: Call, arr: Any, values: Any, axis: Any = None) -> TensorSpec:
    """Joined along an axis, or all elements one after the other. Source: `numpy.append`."""
    both = [array_like(call, v) for v in (arr, values)]
    return np_concatenate(call, both if axis is not None else [np_ravel(call, x) for x in both], axis or 0)


@rule
def np_histogram(call: Call, a: Any, bins: Any = 10) -> tuple[TensorSpec, TensorSpec]:
    """`"*s" -> "bins", "bins+1"`. Source: `numpy.histogram`."""
    del a
    if isinstance(bins, (str, Unknown)):
        raise Unclear("how many bins there are")
    if isinstance(bins, (list, tuple, TensorSpec)):
        edges = array_like(call, bins)
        call.rank(edges, 1)
        return TensorSpec((call.at(edges, 0) - 1,), None), TensorSpec(edges.parts, None)
    count = call.size(bins)
    return TensorSpec((count,), None), TensorSpec((count + 1,), None)


@rule
def np_bincount(call: Call, x: Any) -> TensorSpec:
    """`"n" -> "?"`. Source: `numpy.bincount`."""
    call.rank(array_like(call, x), 1)
    return TensorSpec((d.unknown("the largest value"),), None)


@rule
def np_split(call: Call, ary: Any, indices_or_sections: Any, axis: Any = 0) -> list[TensorSpec]:
    """`"n *s" -> ["n/k *s", ...]`, or pieces between places. Source: `numpy.split`."""
    return _pieces(call, array_like(call, ary), indices_or_sections, axis, even=True)


@rule
def np_array_split(call: Call, ary: Any, indices_or_sections: Any, axis: Any = 0) -> list[TensorSpec]:
    """The same; the first ones are longer by one where it does not divide. Source: `numpy.array_split`."""
    return _pieces(call, array_like(call, ary), indices_or_sections, axis, even=False)


def _pieces(call: Call, x: TensorSpec, given: Any, axis: Any, *, even: bool) -> list[TensorSpec]:
    call.least(x, 1)
    at = call.axis(x, axis)
    size = call.at(x, at)
    if isinstance(given, (list, tuple)):
        sizes = _between(size, given)
    elif not isinstance(given, int) or isinstance(given, bool) or given < 1:
        raise Unclear("how many pieces there are")
    elif even:
        call.divides(given, size, x, at)
        sizes = [size // given] * given
    elif isinstance(size, int):
        sizes = [size // given + (i < size % given) for i in range(given)]
    else:
        sizes = [d.unknown("a piece") for _ in range(given)]
    return [x.with_shape(replaced(x.parts, at, s)) for s in sizes]


def _between(size: Any, places: Any) -> list[Any]:
    if not isinstance(size, int) or not all(isinstance(p, int) and not isinstance(p, bool) for p in places):
        return [d.unknown("a piece") for _ in range(len(places) + 1)]
    ends = [slice(a, b) for a, b in zip((0, *places), (*places, size), strict=True)]
    return [len(range(size)[end]) for end in ends]


@rule
def np_close(call: Call, a: Any, b: Any) -> TensorSpec:
    """Both broadcast, bool. Source: `numpy.isclose`."""
    return np_comparison(call, a, b)
