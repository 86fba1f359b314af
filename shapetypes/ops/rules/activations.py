"""Activations and dropout: the shape stays, some look at one axis."""

from __future__ import annotations

import contextlib
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim
from shapetypes.core.dtype import BOOLS, INTS, UINTS, as_dtype, as_set
from shapetypes.core.shape import TensorSpec
from shapetypes.ops.call import Call, Unclear, replaced, rule
from shapetypes.ops.rules.reduce import softmax


@rule
def smooth(call: Call, input: TensorSpec) -> TensorSpec:
    """`"*s" -> "*s"`, integers become float32. Source: `sigmoid`, `tanh`."""
    names = as_set(input.dtype)
    if names is None:
        return input.with_shape(input.parts)
    out = frozenset("float32" if n in BOOLS | INTS | UINTS else n for n in names)
    return TensorSpec(input.parts, as_dtype(out))


@rule
def smooth_number(call: Call, input: TensorSpec) -> TensorSpec:
    """`"*s" -> "*s"`, integers become float32, bools are refused. Source: `softsign`, `tanhshrink`."""
    call.dtype(input, "Num")
    return smooth(call, input)


@rule
def gumbel_softmax(call: Call, logits: TensorSpec, dim: Any = -1) -> TensorSpec:
    """`"*s" -> "*s"`, `dim` is one of its axes. Source: `gumbel_softmax`."""
    return softmax(call, logits, dim)


@rule
def normalize(call: Call, input: TensorSpec, dim: Any = 1) -> TensorSpec:
    """`"*s" -> "*s"`, `dim` is one or several of its axes. Source: `normalize`."""
    call.dtype(input, "Inexact")
    if isinstance(dim, (list, tuple)):
        with contextlib.suppress(Unclear):
            call.places(input, dim)
    else:
        _has_axis(call, input, dim)
    return TensorSpec(input.parts, input.dtype)


def _has_axis(call: Call, input: TensorSpec, dim: Any) -> None:
    if dim is None:
        return
    with contextlib.suppress(Unclear):
        call.place(input, dim)


@rule
def glu(call: Call, input: TensorSpec, dim: Any = -1) -> TensorSpec:
    """`"... 2*n ..." -> "... n ..."` at `dim`. Source: `glu`."""
    call.dtype(input, "Float")
    call.least(input, 1)
    axis = call.place(input, dim)
    call.divides(2, input.parts[axis], input, axis)  # type: ignore[arg-type]
    return input.with_shape(replaced(input.parts, axis, call.judge.quotient(input.parts[axis], 2)))  # type: ignore[arg-type]


@rule
def prelu(call: Call, input: TensorSpec, weight: TensorSpec) -> TensorSpec:
    """`"n c *s", "c" | "1" | "" -> "n c *s"`. Source: `prelu`."""
    call.dtype(input, "Float")
    call.rank(weight, 0, 1)
    call.same_dtype(input, weight)
    if weight.rank and weight.parts[0] != 1 and not d.is_unknown(call.at(weight, 0)) and input.rank is not None:
        _channels(call, input, call.at(weight, 0), None)
    return input.with_shape(input.parts)


def _channels(call: Call, input: TensorSpec, size: Dim, name: str | None) -> None:
    """One parameter a channel: axis 1, or one channel when there is no such axis."""
    if input.rank is not None and input.rank < 2:
        call.fail("rank-mismatch", "rank", argument=input.label or None, got=input.shape, want=(2,), detail="least")
    call.expect(input, 1, size, name)


@rule
def prelu_layer(call: Call, self: Any, input: TensorSpec) -> TensorSpec:
    """`"n num_parameters *s" -> "n num_parameters *s"`; one parameter fits every input. Source: `PReLU`."""
    call.dtype(input, "Float")
    count = call.size(self.num_parameters)
    if count != 1 and input.rank is not None:
        _channels(call, input, count, "num_parameters")
    return input.with_shape(input.parts)


@rule
def softmax2d(call: Call, input: TensorSpec) -> TensorSpec:
    """`"n c h w" | "c h w"`, unchanged. Source: `Softmax2d`."""
    call.rank(input, 3, 4)
    call.dtype(input, "Float")
    return input.with_shape(input.parts)


@rule
def dropout1d(call: Call, input: TensorSpec) -> TensorSpec:
    """`"n c l" | "c l"`, unchanged. Source: `dropout1d`."""
    call.rank(input, 2, 3)
    return input.with_shape(input.parts)


@rule
def dropout2d(call: Call, input: TensorSpec) -> TensorSpec:
    """`"n c *s"`, unchanged. Source: `dropout2d`."""
    call.least(input, 2)
    return input.with_shape(input.parts)


@rule
def feature_alpha_dropout(call: Call, input: TensorSpec, training: Any = False) -> TensorSpec:
    """`"n c *s"`, unchanged; without training anything passes. Source: `feature_alpha_dropout`."""
    if training is not False:
        call.least(input, 2)
    return input.with_shape(input.parts)


@rule
def dropout3d(call: Call, input: TensorSpec) -> TensorSpec:
    """`"c *s"`, unchanged. Source: `dropout3d`."""
    call.least(input, 1)
    return input.with_shape(input.parts)
