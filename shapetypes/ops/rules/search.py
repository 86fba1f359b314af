"""Sorting, searching, counting."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.call import Call, Unclear, replaced, rule
from shapetypes.ops.rules.reduce import not_complex


def same_axes(call: Call, x: TensorSpec, dim: Any) -> tuple[Any, ...]:
    """The shape of the tensor, whose axis `dim` must be there."""
    with suppress(Unclear):  # the shape stays in any case
        call.place(x, dim)
    return x.parts


@rule
def sort(call: Call, input: TensorSpec, dim: Any = -1) -> tuple[TensorSpec, TensorSpec]:
    """`"*a" -> "*a", "*a"`: values and int64 indices. Source: `torch.sort`."""
    not_complex(call, input)
    shape = same_axes(call, input, dim)
    return TensorSpec(shape, input.dtype), TensorSpec(shape, "int64")


@rule
def argsort(call: Call, input: TensorSpec, dim: Any = -1) -> TensorSpec:
    """`"*a" -> "*a"` of int64. Source: `torch.argsort`."""
    return sort(call, input, dim)[1]


@rule
def msort(call: Call, input: TensorSpec) -> TensorSpec:
    """`"n *a" -> "n *a"`. Source: `torch.msort`."""
    return sort(call, input, 0)[0]


@rule
def topk(call: Call, input: TensorSpec, k: Any, dim: Any = -1) -> tuple[TensorSpec, TensorSpec]:
    """`"*a n *b" -> "*a k *b", "*a k *b"`, `k <= n`. Source: `torch.topk`."""
    call.dtype(input, "Real")
    at = call.place(input, dim)
    size = call.size(k)
    if input.rank == 0:
        if isinstance(size, int) and size not in (0, 1):
            call.wrong("k", size, "at most 1")
        return TensorSpec((), input.dtype), TensorSpec((), "int64")
    n = input.parts[at]
    over = size - n  # type: ignore[operator]
    if (isinstance(over, int) and over > 0) or (isinstance(size, int) and size < 0):
        call.fail("dim-mismatch", "value", argument="k", got=size, want=f"at most {n}", detail=f"the size of axis {at}")
    shape = replaced(input.parts, at, size)
    return TensorSpec(shape, input.dtype), TensorSpec(shape, "int64")


@rule
def searchsorted(
    call: Call,
    sorted_sequence: TensorSpec,
    input: Any = None,
    self: Any = None,
    out_int32: Any = False,
    sorter: Any = None,
) -> TensorSpec:
    """`"*a n", "*a m" -> "*a m"`, or one row for all. Source: `torch.searchsorted`."""
    call.least(sorted_sequence, 1)
    if isinstance(sorter, TensorSpec):
        call.same_shape(sorted_sequence, sorter)
        call.dtype(sorter, "Int64")
    dtype = _index_dtype(out_int32)
    if not isinstance(input, TensorSpec):
        call.rank(sorted_sequence, 1)
        return TensorSpec((), dtype)
    _search_dtype(call, sorted_sequence, input)
    if sorted_sequence.rank is not None and sorted_sequence.rank > 1 and input.rank is not None:
        call.rank(input, sorted_sequence.rank)
        for i in range(sorted_sequence.rank - 1):
            call.match(sorted_sequence, i, input, i)
    return TensorSpec(input.parts, dtype)


def _search_dtype(call: Call, boundaries: TensorSpec, x: TensorSpec) -> None:
    if x.rank:  # a scalar takes the dtype of the boundaries
        call.same_dtype(boundaries, x)


def _index_dtype(out_int32: Any) -> Any:
    if isinstance(out_int32, Unknown):
        return None
    return "int32" if out_int32 else "int64"


@rule
def bucketize(
    call: Call, boundaries: TensorSpec, input: Any = None, self: Any = None, out_int32: Any = False
) -> TensorSpec:
    """`"*a", "n" -> "*a"`. Source: `torch.bucketize`."""
    call.rank(boundaries, 1)
    if not isinstance(input, TensorSpec):
        return TensorSpec((), _index_dtype(out_int32))
    _search_dtype(call, boundaries, input)
    return TensorSpec(input.parts, _index_dtype(out_int32))


@rule
def histc(call: Call, input: TensorSpec, bins: Any = 100) -> TensorSpec:
    """`"*a" -> "bins"`. Source: `torch.histc`."""
    call.dtype(input, "Real")
    if isinstance(bins, int) and bins <= 0:
        call.wrong("bins", bins, "at least 1", "bins")
    return TensorSpec((call.size(bins),), input.dtype)


@rule
def histogram(call: Call, input: TensorSpec, bins: Any, weight: Any = None) -> tuple[TensorSpec, TensorSpec]:
    """`"*a", bins -> "bins", "bins+1"`; a tensor of edges gives one bin less. Source: `torch.histogram`."""
    call.dtype(input, "Float")
    if isinstance(weight, TensorSpec):
        call.same_shape(input, weight)
    if isinstance(bins, TensorSpec):
        call.rank(bins, 1)
        count, edges = bins.parts[0] - 1, bins.parts[0]  # type: ignore[operator]
    else:
        count = call.size(bins)
        edges = count + 1
        if isinstance(count, int) and count <= 0:
            call.wrong("bins", count, "at least 1", "bins")
    return TensorSpec((count,), input.dtype), TensorSpec((edges,), input.dtype)


@rule
def histogramdd(
    call: Call, input: TensorSpec, bins: Any, weight: Any = None
) -> tuple[TensorSpec, tuple[TensorSpec, ...]]:
    """`"*a n" -> "b1 ... bn"` and the edges of each axis. Source: `torch.histogramdd`."""
    call.dtype(input, "Float")
    call.least(input, 2)
    n = call.integer(call.at(input, -1))
    if isinstance(weight, TensorSpec):
        call.same_shape(TensorSpec(input.parts[:-1], None, input.label), weight)
    if isinstance(bins, int):
        counts: list[Any] = [bins] * n
    elif isinstance(bins, (list, tuple)):
        counts = [b.parts[0] - 1 if isinstance(b, TensorSpec) and b.rank == 1 else call.size(b) for b in bins]  # type: ignore[operator]
    else:
        raise Unclear("the bins are not known")
    if len(counts) != n:
        call.fail("rank-mismatch", "count", name="bins", got=len(counts), want=n)
    return TensorSpec(counts, input.dtype), tuple(TensorSpec((c + 1,), input.dtype) for c in counts)


@rule
def bincount(call: Call, input: TensorSpec, weights: Any = None, minlength: Any = 0) -> TensorSpec:
    """`"n" -> "?"`: as many as the largest value. Source: `torch.bincount`."""
    call.rank(input, 1)
    call.dtype(input, "Integer")
    if isinstance(weights, TensorSpec):
        call.same_shape(input, weights)
    dtype: Any = "int64"
    if isinstance(weights, TensorSpec):
        dtype = "float32" if weights.dtype == "float32" else ("float64" if isinstance(weights.dtype, str) else None)
    return TensorSpec((d.unknown("as many as the largest value"),), dtype)


@rule
def isin(call: Call, elements: Any = None, test_elements: Any = None, element: Any = None) -> TensorSpec:
    """`"*a", "*b" -> "*a"` of bool. Source: `torch.isin`."""
    return TensorSpec(elements.parts if isinstance(elements, TensorSpec) else (), "bool")


@rule
def unique(
    call: Call,
    input: TensorSpec,
    return_inverse: Any = False,
    return_counts: Any = False,
    dim: Any = None,
) -> Any:
    """`"*a" -> "?"`, along `dim` `"*a ? *b"`; the inverse has the shape of the input. Source: `torch.unique`."""
    not_complex(call, input)
    count: Any = d.unknown("how many different values there are")
    if 0 in (input.parts if dim is None else (input.parts[call.place(input, dim)],) if input.rank else ()):
        count = 0
    if dim is None:
        out, inverse = TensorSpec((count,), input.dtype), TensorSpec(input.parts, "int64")
    else:
        at = call.place(input, dim)
        if input.rank == 0:
            raise Unclear("a scalar")
        out = TensorSpec(replaced(input.parts, at, count), input.dtype)
        inverse = TensorSpec((input.parts[at],), "int64")
    more = [inverse] * call.flag(return_inverse) + [TensorSpec((count,), "int64")] * call.flag(return_counts)
    return (out, *more) if more else out


@rule
def nonzero(call: Call, input: TensorSpec) -> TensorSpec:
    """`"*a" -> "? n"`, n the rank. Source: `torch.nonzero`, `argwhere`."""
    rank = input.rank
    return TensorSpec((d.unknown("how many are not 0"), d.unknown("the rank") if rank is None else rank), "int64")


@rule
def nonzero_tuple(call: Call, input: TensorSpec) -> tuple[TensorSpec, ...]:
    """One index tensor `"?"` an axis, all of one size. Source: `torch.nonzero(as_tuple=True)`."""
    count = d.unknown("how many are not 0")
    return tuple(TensorSpec((count,), "int64") for _ in range(max(call.rank(input), 1)))


@rule
def nonzero_static(call: Call, input: TensorSpec, size: Any, fill_value: Any = -1) -> TensorSpec:
    """`"*a" -> "size n"`. Source: `torch.nonzero_static`."""
    return TensorSpec((call.size(size), call.rank(input)), "int64")


@rule
def unravel_index(call: Call, indices: TensorSpec, shape: Any) -> tuple[TensorSpec, ...]:
    """`"*a"` to one `"*a"` an axis of `shape`. Source: `torch.unravel_index`."""
    call.dtype(indices, "Integer")
    return tuple(TensorSpec(indices.parts, "int64") for _ in call.sizes(shape))
