"""Losses of two tensors of one shape. torch would broadcast some of them; that is always a `target-mismatch` here."""

from __future__ import annotations

from typing import Any

from shapetypes.core.dtype import BOOLS, COMPLEXES, FLOATS, INTS, UINTS, as_dtype, as_set, promote
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.call import Call, rule
from shapetypes.ops.rules.loss_parts import DTypeLike, alike, promoted_float, reduced

_REAL_OF = {"complex32": "float16", "complex64": "float32", "complex128": "float64"}


def _same_weight(call: Call, input: TensorSpec, weight: Any) -> None:
    if isinstance(weight, TensorSpec):
        call.same_shape(input, weight)


def _float(call: Call, *tensors: TensorSpec) -> None:
    for t in tensors:
        call.dtype(t, "Float")


def _real(dtype: DTypeLike) -> DTypeLike:
    names = as_set(dtype)
    return dtype if names is None else as_dtype(frozenset(_REAL_OF.get(n, n) for n in names))


def _or_float(dtype: DTypeLike) -> DTypeLike:
    """Integers become float32, torch's default."""
    names = as_set(dtype)
    return dtype if names is None else as_dtype(frozenset("float32" if n in BOOLS | INTS | UINTS else n for n in names))


@rule
def mse_loss(
    call: Call,
    input: TensorSpec,
    target: TensorSpec,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
    weight: Any = None,
) -> TensorSpec:
    """`"*s", "*s" -> "*s" | ""`; `weight` is `"*s"`. Source: `mse_loss`, `smooth_l1_loss`."""
    alike(call, input, target)
    _same_weight(call, input, weight)
    dtype = promoted_float(call, input, target)
    return reduced(call, input.parts, dtype, reduction, size_average, reduce)


@rule
def l1_loss(
    call: Call,
    input: TensorSpec,
    target: TensorSpec,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
    weight: Any = None,
) -> TensorSpec:
    """`"*s", "*s" -> "*s" | ""`; complex operands give a real loss. Source: `l1_loss`."""
    alike(call, input, target)
    _same_weight(call, input, weight)
    dtype = promote(input.dtype, target.dtype)
    out = reduced(call, input.parts, _real(dtype), reduction, size_average, reduce)
    if reduction == "mean" and reduce is None:
        _inexact(call, input, dtype)
    return out


def _inexact(call: Call, input: TensorSpec, dtype: DTypeLike) -> None:
    names = as_set(dtype)
    if names is not None and names.isdisjoint(FLOATS | COMPLEXES):
        call.fail("dtype-mismatch", "dtype", argument=input.label or None, got=input.dtype, want="Inexact")


@rule
def huber_loss(
    call: Call, input: TensorSpec, target: TensorSpec, reduction: Any = "mean", weight: Any = None
) -> TensorSpec:
    """`"*s", "*s" -> "*s" | ""` in the input's dtype. Source: `huber_loss`."""
    alike(call, input, target)
    _same_weight(call, input, weight)
    _float(call, input)
    dtype = input.dtype
    if isinstance(weight, TensorSpec):
        dtype = promote(input.dtype, weight.dtype)
    return reduced(call, input.parts, dtype, reduction)


@rule
def soft_margin_loss(
    call: Call,
    input: TensorSpec,
    target: TensorSpec,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> TensorSpec:
    """`"*s", "*s" -> "*s" | ""` in the input's dtype. Source: `soft_margin_loss`."""
    alike(call, input, target)
    call.dtype(input, "Inexact")
    return reduced(call, input.parts, input.dtype, reduction, size_average, reduce)


@rule
def hinge_embedding_loss(
    call: Call,
    input: TensorSpec,
    target: TensorSpec,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> TensorSpec:
    """`"*s", "*s" -> "*s" | ""` in the input's dtype. Source: `hinge_embedding_loss`."""
    alike(call, input, target)
    return reduced(call, input.parts, input.dtype, reduction, size_average, reduce)


@rule
def kl_div(
    call: Call,
    input: TensorSpec,
    target: TensorSpec,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> TensorSpec:
    """`"*s", "*s" -> "*s" | ""`. Source: `kl_div`."""
    alike(call, input, target)
    _float(call, input, target)
    return reduced(call, input.parts, promote(input.dtype, target.dtype), reduction, size_average, reduce)


@rule
def binary_cross_entropy(
    call: Call,
    input: TensorSpec,
    target: TensorSpec,
    weight: Any = None,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> TensorSpec:
    """`"*s", "*s" -> "*s" | ""`, both of one dtype; `weight` broadcasts to `"*s"`. Source: `binary_cross_entropy`."""
    alike(call, input, target)
    _float(call, input, target)
    call.same_dtype(input, target)
    if isinstance(weight, TensorSpec):
        call.expand_to(weight, target.parts)
    return reduced(call, input.parts, input.dtype, reduction, size_average, reduce)


@rule
def binary_cross_entropy_with_logits(
    call: Call,
    input: TensorSpec,
    target: TensorSpec,
    weight: Any = None,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
    pos_weight: Any = None,
) -> TensorSpec:
    """`"*s", "*s" -> "*s" | ""` in the target's dtype; the weights broadcast to `"*s"`.

    Source: `binary_cross_entropy_with_logits`.
    """
    alike(call, input, target)
    _float(call, input)
    call.dtype(target, "Inexact")
    for t in (weight, pos_weight):
        if isinstance(t, TensorSpec):
            call.expand_to(t, target.parts)
    weighted = any(t is not None for t in (weight, pos_weight))
    dtype = None if weighted and input.dtype != target.dtype else target.dtype
    return reduced(call, input.parts, dtype, reduction, size_average, reduce)


@rule
def poisson_nll_loss(
    call: Call,
    input: TensorSpec,
    target: TensorSpec,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> TensorSpec:
    """`"*s", "*s" -> "*s" | ""`. Source: `poisson_nll_loss`."""
    alike(call, input, target)
    dtype = promote(_or_float(input.dtype), target.dtype)
    return reduced(call, input.parts, dtype, reduction, size_average, reduce)


@rule
def gaussian_nll_loss(
    call: Call, input: TensorSpec, target: TensorSpec, var: Any, reduction: Any = "mean"
) -> TensorSpec:
    """`"*s c", "*s c", "*s c" | "*s 1" | "*s" | float -> "*s c" | ""`. Source: `gaussian_nll_loss`.

    Its documentation also allows the target axes of size 1; those, and a scalar, are no mismatch here.
    """
    alike(call, input, _enlarged(input, target))
    dtype = promoted_float(call, input, target)
    if isinstance(var, TensorSpec):
        _variance(call, input, var)
        dtype = promote(dtype, var.dtype)
    elif isinstance(var, Unknown):
        dtype = None
    return reduced(call, input.parts, dtype, reduction)


def _enlarged(input: TensorSpec, target: TensorSpec) -> TensorSpec:
    """The target with the input's sizes where it has 1, or is a scalar."""
    if target.rank == 0:
        return TensorSpec(input.parts, target.dtype, target.label)
    if input.rank is None or input.rank != target.rank:
        return target
    parts = (p if q == 1 else q for p, q in zip(input.parts, target.parts, strict=True))
    return TensorSpec(parts, target.dtype, target.label)


def _variance(call: Call, input: TensorSpec, var: TensorSpec) -> None:
    """The variance has the input's shape, or lacks its last axis, or has size 1 at one axis."""
    if input.rank is None or var.rank is None:
        return
    call.rank(var, *{input.rank, max(input.rank - 1, 0)})
    ones = [i for i in range(var.rank) if var.rank == input.rank and var.parts[i] == 1 and input.parts[i] != 1]
    for i in range(var.rank):
        if ones[:1] != [i]:
            call.match(input, i, var, i)


@rule
def multilabel_soft_margin_loss(
    call: Call,
    input: TensorSpec,
    target: TensorSpec,
    weight: Any = None,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> TensorSpec:
    """`"*s c", "*s c" -> "*s" | ""`; `weight` broadcasts to `"*s c"`. Source: `multilabel_soft_margin_loss`."""
    call.least(input, 1)
    alike(call, input, target)
    call.dtype(input, "Float")
    if isinstance(weight, TensorSpec):
        call.expand_to(weight, input.parts)
    dtype = promote(input.dtype, target.dtype, *([weight.dtype] if isinstance(weight, TensorSpec) else []))
    return reduced(call, input.parts[:-1], dtype, reduction, size_average, reduce)


@rule
def poisson_nll_layer(call: Call, self: Any, log_input: TensorSpec, target: TensorSpec) -> TensorSpec:
    """`"*s", "*s" -> "*s" | ""`. Source: `PoissonNLLLoss`."""
    return poisson_nll_loss(call, log_input, target, self.size_average, self.reduce, self.reduction)
