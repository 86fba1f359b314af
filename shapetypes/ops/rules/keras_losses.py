"""Keras: losses, as classes (reduced to a number unless `reduction` is None) and as functions."""

from __future__ import annotations

from typing import Any

from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.apply import Layer
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules.arrays import np_array
from shapetypes.ops.rules.keras_parts import is_one, same_rank
from shapetypes.ops.rules.layer_parts import option
from shapetypes.ops.rules.reduce import cut

_ALIGNED = frozenset(
    {
        "cosine_similarity()",
        "huber()",
        "log_cosh()",
        "mean_absolute_error()",
        "mean_absolute_percentage_error()",
        "mean_squared_error()",
        "mean_squared_logarithmic_error()",
    }
)
"""Functions that bring their arguments to one rank first, as all classes do."""


def _pair(call: Call, self: Layer | None, y_true: Any, y_pred: Any) -> tuple[TensorSpec, TensorSpec]:
    """Target and prediction, of one rank where the one has only a last axis of size 1 more."""
    true = np_array(call, y_true).labelled("y_true")
    pred = np_array(call, y_pred).labelled("y_pred")
    return same_rank(call, true, pred) if self is not None or call.subject in _ALIGNED else (true, pred)


def _reduced(call: Call, self: Layer | None, values: TensorSpec, weight: Any) -> TensorSpec:
    """The values of a loss, multiplied by weights and reduced as the object is made to."""
    if self is None:
        return values
    if weight is not None and values.shape is not None:
        values, weights = same_rank(call, values.labelled("the loss"), np_array(call, weight))
        values = TensorSpec(call.broadcast(values, weights))
    reduction = option(self, "reduction")
    if isinstance(reduction, Unknown):
        raise Unclear("`reduction` is not known")
    return TensorSpec(values.shape) if reduction in (None, "none") else TensorSpec(())


def _own_axis(self: Layer | None, axis: Any) -> Any:
    return axis if self is None else option(self, "axis", -1)


@rule
def keras_mean_loss(
    call: Call, y_true: Any, y_pred: Any, self: Layer | None = None, axis: Any = -1, sample_weight: Any = None
) -> TensorSpec:
    """`"*s d", "*s d" -> "*s"`, broadcast. Source: `keras.losses.MeanSquaredError`, ... ."""
    true, pred = _pair(call, self, y_true, y_pred)
    both = TensorSpec(call.broadcast(true, pred), None, "y_pred")
    call.least(both, 1)
    return _reduced(call, self, TensorSpec(cut(call, both, _own_axis(self, axis))), sample_weight)


@rule
def keras_exact_loss(
    call: Call, y_true: Any, y_pred: Any, self: Layer | None = None, axis: Any = -1, sample_weight: Any = None
) -> TensorSpec:
    """`"*s d", "*s d" -> "*s"`, not broadcast. Source: `keras.losses.CategoricalCrossentropy`, `BinaryCrossentropy`."""
    true, pred = _pair(call, self, y_true, y_pred)
    call.least(true, 1)
    call.same_shape(pred, true)
    return _reduced(call, self, TensorSpec(cut(call, pred, _own_axis(self, axis))), sample_weight)


@rule
def keras_sparse_loss(
    call: Call, y_true: Any, y_pred: Any, self: Layer | None = None, axis: Any = -1, sample_weight: Any = None
) -> TensorSpec:
    """`"*s" (or "*s 1"), "*s classes" -> "*s"`. Source: `keras.losses.SparseCategoricalCrossentropy`."""
    true, pred = np_array(call, y_true).labelled("y_true"), np_array(call, y_pred).labelled("y_pred")
    call.least(pred, 1)
    if self is not None:
        true, pred = same_rank(call, true, pred)
    if _own_axis(self, axis) not in (-1, None):
        raise Unclear("classes on another axis than the last")
    have, rank = call.rank(true), call.rank(pred)
    if have == rank and is_one(call, call.at(true, -1)):
        true, have = TensorSpec(true.parts[:-1], None, true.label), have - 1
    if have != rank - 1:
        call.fail("target-mismatch", "target", argument="y_true", other="y_pred", got=true.shape, want=pred.parts[:-1])
    for i in range(have):
        call.match(pred, i, true, i)
    return _reduced(call, self, TensorSpec(true.parts), sample_weight)


@rule
def keras_class_loss(
    call: Call, y_true: Any, y_pred: Any, self: Layer | None = None, sample_weight: Any = None
) -> TensorSpec:
    """`"*s", "*s classes" -> "*s"`. Source: `keras.losses.CategoricalGeneralizedCrossEntropy`."""
    true, pred = np_array(call, y_true).labelled("y_true"), np_array(call, y_pred).labelled("y_pred")
    if call.rank(true) != call.rank(pred) - 1 or is_one(call, call.at(pred, -1)):
        raise Unclear("targets of another rank broadcast")
    return _reduced(
        call, self, TensorSpec(call.broadcast(TensorSpec(pred.parts[:-1], None, "y_pred"), true)), sample_weight
    )


@rule
def keras_total_loss(
    call: Call, y_true: Any, y_pred: Any, self: Layer | None = None, axis: Any = None, sample_weight: Any = None
) -> TensorSpec:
    """All elements, or those along `axis`, give one number. Source: `keras.losses.Dice`, `Tversky`."""
    true, pred = _pair(call, self, y_true, y_pred)
    own = axis if self is None else option(self, "axis", None)
    both = TensorSpec(call.broadcast(true, pred), None, "y_pred")
    return _reduced(call, self, TensorSpec(cut(call, both, own)), sample_weight)


@rule
def keras_batch_loss(
    call: Call, y_true: Any, y_pred: Any, self: Layer | None = None, sample_weight: Any = None
) -> TensorSpec:
    """`"b ...", "b ..." -> "b"`. Source: `keras.losses.CTC`, `Circle`."""
    true, pred = np_array(call, y_true).labelled("y_true"), np_array(call, y_pred).labelled("y_pred")
    if (self.stub.name if self is not None else call.subject).lower().startswith("ctc"):
        call.rank(true, 2)
        call.rank(pred, 3)
    call.match(pred, 0, true, 0)
    return _reduced(call, self, TensorSpec((call.at(pred, 0),)), sample_weight)
