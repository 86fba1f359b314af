"""Embeddings and distances."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dtype import BOOLS, FLOATS, INTS, UINTS, as_dtype, as_set, promote
from shapetypes.core.shape import KEPT, TensorSpec
from shapetypes.ops.call import Call, rule


@rule
def embedding(call: Call, input: TensorSpec, weight: TensorSpec) -> TensorSpec:
    """`"*s", "vocabulary e" -> "*s e"`, indices are int32 or int64. Source: `embedding`."""
    _index(call, input)
    call.rank(weight, 2)
    return TensorSpec((*input.parts, weight.parts[1]), weight.dtype)


def _index(call: Call, input: TensorSpec) -> None:
    names = as_set(input.dtype)
    if names is not None and names.isdisjoint({"int32", "int64"}):
        call.fail("dtype-mismatch", "dtype", argument=input.label or None, got=input.dtype, want="Int")


@rule
def embedding_bag(
    call: Call,
    input: TensorSpec,
    weight: TensorSpec,
    offsets: Any = None,
    per_sample_weights: Any = None,
    include_last_offset: Any = False,
) -> TensorSpec:
    """`"b n", "vocabulary e" -> "b e"`, or `"n", offsets "b" -> "b e"`. Source: `embedding_bag`.

    torch takes the table and the indices in the other order too, as it once was, and tells them by their dtypes.
    """
    if as_set(weight.dtype) == frozenset({"int64"}) and (as_set(input.dtype) or FLOATS) & FLOATS:
        table, indices = input, weight
    else:
        table, indices = weight, input
    _index(call, indices)
    call.rank(table, 2)
    if isinstance(per_sample_weights, TensorSpec):
        call.same_shape(indices, per_sample_weights)
    rank = call.rank(indices, 1, 2)
    if rank == 2:
        if isinstance(offsets, TensorSpec):
            call.fail("rank-mismatch", "rank", argument=indices.label or None, got=indices.shape, want=(1,))
        return TensorSpec((indices.parts[0], table.parts[1]), table.dtype)
    if offsets is None:
        call.fail("rank-mismatch", "rank", argument=indices.label or None, got=indices.shape, want=(2,))
    starts = call.tensor(offsets)
    call.rank(starts, 1)
    bags: Any = starts.parts[0]
    return TensorSpec((bags - call.flag(include_last_offset), table.parts[1]), table.dtype)


@rule
def one_hot(call: Call, tensor: TensorSpec, num_classes: Any = -1) -> TensorSpec:
    """`"*s" -> "*s num_classes"`, int64; the classes are counted at run time if not given. Source: `one_hot`."""
    names = as_set(tensor.dtype)
    if names is not None and "int64" not in names:
        call.fail("dtype-mismatch", "dtype", argument=tensor.label or None, got=tensor.dtype, want="int64")
    size = call.size(num_classes)
    return TensorSpec((*tensor.parts, d.unknown("the number of classes") if size == -1 else size), "int64")


def _floating(*tensors: TensorSpec) -> Any:
    out = promote(*(t.dtype for t in tensors))
    names = as_set(out)
    return out if names is None else as_dtype(frozenset("float32" if n in BOOLS | INTS | UINTS else n for n in names))


@rule
def cosine_similarity(call: Call, x1: TensorSpec, x2: TensorSpec, dim: Any = 1) -> TensorSpec:
    """Both broadcast, then `dim` goes: `"n d *s", "n d *s" -> "n *s"`. Source: `cosine_similarity`."""
    shape = call.broadcast(x1, x2)
    dtype = promote(x1.dtype, x2.dtype)
    names = as_set(dtype)
    if names is not None and names <= BOOLS | INTS | UINTS:
        call.dtype(x1, "Float")
    both = TensorSpec(shape, dtype, x1.label)
    axis = call.axis(both, dim)
    return TensorSpec(shape[:axis] + shape[axis + 1 :], dtype)


@rule
def pairwise_distance(call: Call, x1: TensorSpec, x2: TensorSpec, keepdim: Any = False) -> TensorSpec:
    """Both broadcast, then the last axis goes: `"*n d", "*n d" -> "*n"`. Source: `pairwise_distance`."""
    both = TensorSpec(call.broadcast(x1, x2))
    keep = (KEPT,) if both.shape and call.flag(keepdim) else ()
    return TensorSpec((*call.lead(both, 1), *keep), _floating(x1, x2))


@rule
def pdist(call: Call, input: TensorSpec) -> TensorSpec:
    """`"n m" -> "n*(n-1)//2"`: each pair of rows once. Source: `pdist`."""
    call.rank(input, 2)
    call.dtype(input, "Float")
    n: Any = input.parts[0]
    return input.with_shape((d.floordiv(n * (n - 1), 2),))


@rule
def parameter(call: Call, data: Any = None) -> TensorSpec:
    """`"*s" -> "*s"`; without data an empty tensor. Source: `Parameter`, `Buffer`."""
    if data is None:
        return TensorSpec((0,), None)
    x = call.tensor(data)
    return x.with_shape(x.parts)
