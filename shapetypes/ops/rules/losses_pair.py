"""Losses of embeddings: pairs and triplets of vectors, and rankings."""

from __future__ import annotations

from typing import Any

from shapetypes.core.dtype import BOOLS, INTS, UINTS, as_dtype, as_set, promote
from shapetypes.core.shape import TensorSpec
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules.loss_parts import DTypeLike, alike, reduced, strangers


def _inexact(dtype: DTypeLike) -> DTypeLike:
    names = as_set(dtype)
    return dtype if names is None else as_dtype(frozenset("float32" if n in BOOLS | INTS | UINTS else n for n in names))


def _same_rank(call: Call, first: TensorSpec, *others: TensorSpec) -> None:
    for t in others:
        if first.rank is not None and t.rank is not None and first.rank != t.rank:
            call.fail(
                "rank-mismatch",
                "ranks",
                argument=t.label or None,
                other=first.label or None,
                got=t.shape,
                want=first.shape,
            )


@rule
def triplet_margin_loss(
    call: Call,
    anchor: TensorSpec,
    positive: TensorSpec,
    negative: TensorSpec,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> TensorSpec:
    """`"*n d", "*n d", "*n d" -> "*n" | ""`. Source: `triplet_margin_loss`."""
    _same_rank(call, anchor, positive, negative)
    for t in (anchor, positive, negative):
        call.least(t, 1)
    near, far = (
        TensorSpec(call.lead(TensorSpec(call.broadcast(anchor, t)), 1), None, t.label) for t in (positive, negative)
    )
    dtype = _inexact(promote(anchor.dtype, positive.dtype, negative.dtype))
    return reduced(call, call.broadcast(near, far), dtype, reduction, size_average, reduce)


@rule
def triplet_margin_with_distance_loss(
    call: Call,
    anchor: TensorSpec,
    positive: TensorSpec,
    negative: TensorSpec,
    distance_function: Any = None,
    reduction: Any = "mean",
) -> TensorSpec:
    """`"*n d", "*n d", "*n d" -> "*n" | ""` with the usual distance. Source: `triplet_margin_with_distance_loss`."""
    if distance_function is None:
        return triplet_margin_loss(call, anchor, positive, negative, reduction=reduction)
    _same_rank(call, anchor, positive, negative)
    if reduction not in ("mean", "sum"):
        raise Unclear("what the distance function returns is not known")
    return TensorSpec((), None)


@rule
def cosine_embedding_loss(
    call: Call,
    input1: TensorSpec,
    input2: TensorSpec,
    target: TensorSpec,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> TensorSpec:
    """`"n d", "n d", "n" -> "n" | ""`, or `"d", "d", "" -> ""`. Source: `cosine_embedding_loss`."""
    for t in (input1, input2):
        call.rank(t, 1, 2)
    _same_rank(call, input1, input2)
    shape = call.broadcast(input1, input2)[:-1]
    if target.rank is not None and target.rank != len(shape):
        strangers(call, input1, target, shape)
    alike(call, TensorSpec(shape, None, input1.label), target)
    return reduced(call, shape, _inexact(promote(input1.dtype, input2.dtype)), reduction, size_average, reduce)


@rule
def margin_ranking_loss(
    call: Call,
    input1: TensorSpec,
    input2: TensorSpec,
    target: TensorSpec,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> TensorSpec:
    """`"*n", "*n", "*n" -> "*n" | ""`. Source: `margin_ranking_loss`."""
    _same_rank(call, input1, input2)
    shape = call.broadcast(input1, input2)
    alike(call, TensorSpec(shape, None, input1.label), target)
    dtype = promote(input1.dtype, input2.dtype, target.dtype)
    if reduction == "mean":
        dtype = _inexact(dtype)
    return reduced(call, shape, dtype, reduction, size_average, reduce)
