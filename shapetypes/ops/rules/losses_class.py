"""Losses whose target names classes, and losses over sequences."""

from __future__ import annotations

import contextlib
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim
from shapetypes.core.dtype import FLOATS, as_set, promote
from shapetypes.core.fault import ShapeError
from shapetypes.core.judge import Side
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules.loss_parts import (
    DTypeLike,
    alike,
    belongs,
    class_weight,
    indices,
    reduced,
    strangers,
    without,
)


@rule
def cross_entropy(
    call: Call,
    input: TensorSpec,
    target: TensorSpec,
    weight: Any = None,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> TensorSpec:
    """Class indices: `"n c *d", "n *d" -> "n *d" | ""`; probabilities: `"n c *d", "n c *d" -> "n *d" | ""`.

    Without a batch the classes are the only axis; `weight` is `"c"`. Source: `cross_entropy`.
    """
    call.least(input, 1)
    call.dtype(input, "Float")
    shape, dtype = _by_class(call, input, target, weight, probabilities=True)
    return reduced(call, shape, dtype, reduction, size_average, reduce)


@rule
def nll_loss(
    call: Call,
    input: TensorSpec,
    target: TensorSpec,
    weight: Any = None,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> TensorSpec:
    """`"n c *d", "n *d" -> "n *d" | ""`, or `"c", "" -> ""`; `weight` is `"c"`. Source: `nll_loss`."""
    call.least(input, 1)
    call.dtype(input, "Float")
    shape, dtype = _by_class(call, input, target, weight, probabilities=False)
    return reduced(call, shape, dtype, reduction, size_average, reduce)


def _by_class(
    call: Call, input: TensorSpec, target: TensorSpec, weight: Any, *, probabilities: bool
) -> tuple[tuple[Any, ...], DTypeLike]:
    """The shape of the loss before its reduction, and its dtype."""
    if input.rank is None:
        return target.parts if target.rank is None or not probabilities else (d.unknown("loss"),), input.dtype
    axis = 0 if input.rank == 1 else 1
    class_weight(call, input, axis, weight)
    shape = without(input.parts, axis)
    if target.rank is None:
        return shape, input.dtype
    if probabilities and target.rank == input.rank and not _surely_indices(target):
        alike(call, input, target)
        return shape, promote(input.dtype, target.dtype)
    if target.rank != input.rank - 1:
        strangers(call, input, target, shape)
    indices(call, target)
    last = _classes_last(call, input, target)
    detail = f"the classes are axis 1 of `input`, not axis {input.rank - 1}"
    for j in range(target.rank):
        try:
            belongs(call, input, j if j < axis else j + 1, target, j)
        except ShapeError as error:
            if error.fault is None or error.fault.detail or not last:
                raise
            raise ShapeError(fault=error.fault.but(detail=detail)) from None
    if last:
        at = target.rank - 1
        sizes = {"got": target.parts[at], "want": input.parts[-1], "other": input.label or None, "other_axis": at + 1}
        call.fail("target-mismatch", "target", argument=target.label or None, axis=at, detail=detail, **sizes)
    if isinstance(weight, TensorSpec):
        call.same_dtype(input, weight)
    return shape, input.dtype


def _classes_last(call: Call, input: TensorSpec, target: TensorSpec) -> bool:
    """Whether a target fits all axes but the last, as where the classes were not moved to axis 1."""
    if len(target.parts) < 2 or call.judge.equal(input.parts[-1], target.parts[-1]):  # type: ignore[arg-type]
        return False
    pairs = zip(input.parts[:-1], target.parts, strict=True)
    return all(call.judge.equal(x, y) for x, y in pairs)  # type: ignore[arg-type]


def _surely_indices(target: TensorSpec) -> bool:
    names = as_set(target.dtype)
    return names is not None and names.isdisjoint(FLOATS)


@rule
def linear_cross_entropy(
    call: Call,
    input: TensorSpec,
    linear_weight: TensorSpec,
    target: TensorSpec,
    linear_bias: Any = None,
    weight: Any = None,
    reduction: Any = "mean",
) -> TensorSpec:
    """`"n i", "c *d i", "n *d" -> "n *d" | ""`; `linear_bias` is `"c *d"`. Source: `linear_cross_entropy`."""
    call.rank(input, 1, 2)
    call.least(linear_weight, 2)
    call.match(input, -1, linear_weight, -1)
    if linear_weight.rank is not None and linear_weight.rank > 2:
        call.rank(input, 2)
    if isinstance(linear_bias, TensorSpec):
        call.same_shape(TensorSpec(linear_weight.parts[:-1], None, "linear_weight"), linear_bias)
    if input.rank is None or linear_weight.rank is None:
        raise Unclear("the rank is not known")
    logits = TensorSpec((*input.parts[:-1], *linear_weight.parts[:-1]), input.dtype, "input")
    return cross_entropy(call, logits, target, weight, reduction=reduction)


@rule
def linear_cross_entropy_init(call: Call, num_classes: Any, weight: Any = None) -> None:
    """`weight` is `"num_classes"`. Source: `LinearCrossEntropyLoss`."""
    if isinstance(weight, TensorSpec):
        call.rank(weight, 1)
        call.expect(weight, 0, call.size(num_classes), "num_classes")


@rule
def linear_cross_entropy_layer(call: Call, self: Any, input: TensorSpec, target: TensorSpec) -> TensorSpec:
    """`"n in_features", "n *out_features" -> "n *out_features" | ""`. Source: `LinearCrossEntropyLoss`."""
    more = () if self.out_features == () else call.sizes(self.out_features)
    call.rank(input, *((2,) if more else (1, 2)))
    call.expect(input, -1, call.size(self.in_features), "in_features")
    logits = TensorSpec((*input.parts[:-1], call.size(self.num_classes), *more), input.dtype, "input")
    return cross_entropy(call, logits, target, self.weight, reduction=self.reduction)


def _frames(call: Call, input: TensorSpec) -> tuple[Dim, int]:
    """The number of samples of `"n c"`, `"c"` or `""`, and the axis of the classes."""
    rank = call.rank(input, 0, 1, 2)
    return (input.parts[0], 1) if rank == 2 else (1, 0)  # type: ignore[return-value]


@rule
def multi_margin_loss(
    call: Call,
    input: TensorSpec,
    target: TensorSpec,
    weight: Any = None,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> TensorSpec:
    """`"n c", "n" -> "n" | ""`, or `"c", "" -> ""`; `weight` is `"c"`. Source: `multi_margin_loss`."""
    frames, axis = _frames(call, input)
    _wide_float(call, input)
    indices(call, target, frozenset({"int64"}))
    if (target.rank is not None and target.rank > 1) or (target.rank == 0 and frames != 1):
        strangers(call, input, target, (frames,) if input.rank == 2 else ())
    if target.rank == 1 and input.rank == 2:
        belongs(call, input, 0, target, 0)
    elif target.rank == 1 and target.parts[0] != 1 and not d.is_unknown(call.at(target, 0)):
        strangers(call, input, target, ())
    if input.rank:
        class_weight(call, input, axis, weight)
    return reduced(
        call, target.parts if target.rank is not None else (frames,), input.dtype, reduction, size_average, reduce
    )


def _wide_float(call: Call, input: TensorSpec) -> None:
    names = as_set(input.dtype)
    if names is not None and names.isdisjoint({"float32", "float64"}):
        call.fail("dtype-mismatch", "dtype", argument=input.label or None, got=input.dtype, want="float32")


@rule
def multilabel_margin_loss(
    call: Call,
    input: TensorSpec,
    target: TensorSpec,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> TensorSpec:
    """`"n c", "n c" -> "n" | ""`, or `"c", "c" -> ""`; the target lists classes. Source: `multilabel_margin_loss`."""
    frames, _ = _frames(call, input)
    _wide_float(call, input)
    indices(call, target, frozenset({"int64"}))
    alike(call, input, target)
    return reduced(call, (frames,) if input.rank == 2 else (), input.dtype, reduction, size_average, reduce)


@rule
def ctc_loss(
    call: Call,
    log_probs: TensorSpec,
    targets: TensorSpec,
    input_lengths: Any,
    target_lengths: Any,
    reduction: Any = "mean",
) -> TensorSpec:
    """`"t n c", "n s" | "all", "n", "n" -> "n" | ""`, or `"t c", "s", "", "" -> ""`. Source: `ctc_loss`."""
    rank = call.rank(log_probs, 2, 3)
    call.dtype(log_probs, "Float")
    call.dtype(targets, "Integer")
    batch: Any = log_probs.parts[1] if rank == 3 else 1
    with contextlib.suppress(Unclear):
        if call.rank(targets, 1, 2) == 2 and rank == 3:
            belongs(call, log_probs, 1, targets, 0)
        elif targets.rank == 2:
            call.expect(targets, 0, 1)
    if targets.rank == 1 and isinstance(target_lengths, (list, tuple)):
        call.expect(targets, 0, _total(call, target_lengths), "sum of target_lengths")
    for name, lengths in (("input_lengths", input_lengths), ("target_lengths", target_lengths)):
        _lengths(call, log_probs, batch, name, lengths)
    return reduced(call, (batch,) if rank == 3 else (), log_probs.dtype, reduction)


def _total(call: Call, lengths: list[Any] | tuple[Any, ...]) -> Dim:
    out: Dim = 0
    for n in lengths:
        out = out + call.size(n)
    return out


def _lengths(call: Call, log_probs: TensorSpec, batch: Dim, name: str, lengths: Any) -> None:
    if isinstance(lengths, (list, tuple)):
        conflict = call.judge.same(len(lengths), batch, Side((len(lengths),), 0))
        if conflict:
            call.fail("dim-mismatch", "count", argument=name, name="values", got=len(lengths), want=batch)
    elif isinstance(lengths, TensorSpec) and lengths.rank is not None:
        call.rank(lengths, 0, 1)
        if log_probs.rank == 3 and lengths.rank == 1:
            belongs(call, log_probs, 1, lengths, 0)
        elif log_probs.rank == 3 and batch != 1:
            strangers(call, log_probs, lengths, (batch,))


@rule
def adaptive_log_softmax_init(call: Call, n_classes: Any, cutoffs: Any) -> None:
    """`cutoffs` are between 1 and `n_classes - 1`. Source: `AdaptiveLogSoftmaxWithLoss`."""
    if isinstance(cutoffs, Unknown) or not cutoffs:
        return
    last = call.integer(cutoffs[-1])
    if last > call.integer(n_classes) - 1:
        call.fail(
            "dim-mismatch", "value", argument="cutoffs", got=last, want=call.integer(n_classes) - 1, detail="most"
        )


@rule
def adaptive_log_softmax(
    call: Call, self: Any, input_: TensorSpec, target_: TensorSpec
) -> tuple[TensorSpec, TensorSpec]:
    """`"n in_features", "n" -> ("n", "")`, or `"in_features", "" -> ("", "")`. Source: `AdaptiveLogSoftmaxWithLoss`."""
    call.expect(input_, -1, call.size(self.in_features), "in_features")
    rank = call.rank(input_, 1, 2)
    if target_.rank is not None and target_.rank != rank - 1:
        strangers(call, input_, target_, input_.parts[:-1])
    if target_.rank == 1:
        belongs(call, input_, 0, target_, 0)
    indices(call, target_)
    return TensorSpec(input_.parts[:-1], input_.dtype), TensorSpec((), input_.dtype)
