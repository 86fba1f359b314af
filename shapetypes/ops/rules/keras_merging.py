"""Keras: layers that merge a list of tensors."""

from __future__ import annotations

from typing import Any

from shapetypes.core.shape import TensorSpec
from shapetypes.ops.apply import BUILT, Layer
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules.arrays import np_concatenate
from shapetypes.ops.rules.keras_parts import tensor_list
from shapetypes.ops.rules.layer_parts import option


def _behind_batch(x: TensorSpec) -> TensorSpec:
    """The tensor with a batch that fits any other."""
    return TensorSpec((1, *x.parts[1:]), None, x.label)


@rule
def keras_merge(call: Call, self: Layer, inputs: Any) -> TensorSpec:
    """One batch; the axes behind it broadcast, aligned at the end. Source: `keras.layers.Add`, `Average`, ... ."""
    return _merge(call, self.stub.name, inputs, BUILT in self.args)


@rule
def keras_merge_function(call: Call, inputs: Any) -> TensorSpec:
    """As the layer. Source: `keras.layers.add`, `average`, ... ."""
    return _merge(call, call.subject.strip("()").capitalize(), inputs)


def _merge(call: Call, name: str, inputs: Any, built: bool = False) -> TensorSpec:
    tensors = tensor_list(call, inputs, (2,) if name == "Subtract" else ())
    for x in tensors:
        call.least(x, 1)
    first, rest = tensors[0], tuple(map(_behind_batch, tensors))
    for x in tensors:
        call.rank(x)
    if built:  # Keras compares the batches where it builds the layer, and not again
        batch = call.broadcast(*(TensorSpec(x.parts[:1], None, x.label) for x in tensors))
        return TensorSpec((*batch, *call.broadcast(*rest)[1:]))
    for x in tensors[1:]:
        call.match(first, 0, x, 0)
    return TensorSpec((call.at(first, 0), *call.broadcast(*rest)[1:]))


@rule
def keras_concatenate(call: Call, self: Layer, inputs: Any) -> TensorSpec:
    """All axes but `axis` are equal. Source: `keras.layers.Concatenate`."""
    return TensorSpec(np_concatenate(call, tensor_list(call, inputs), call.integer(option(self, "axis"))).parts)


@rule
def keras_concatenate_function(call: Call, inputs: Any, axis: Any) -> TensorSpec:
    """As the layer. Source: `keras.layers.concatenate`."""
    return TensorSpec(np_concatenate(call, tensor_list(call, inputs), call.integer(axis)).parts)


@rule
def keras_dot(call: Call, self: Layer, inputs: Any) -> TensorSpec:
    """Samples are multiplied along one axis of each. Source: `keras.layers.Dot`."""
    return _dot(call, inputs, option(self, "axes"))


@rule
def keras_dot_function(call: Call, inputs: Any, axes: Any) -> TensorSpec:
    """As the layer. Source: `keras.layers.dot`."""
    return _dot(call, inputs, axes)


def _dot(call: Call, inputs: Any, axes: Any) -> TensorSpec:
    x, y = tensor_list(call, inputs, (2,))
    if not isinstance(axes, (int, list, tuple)) or (not isinstance(axes, int) and len(axes) != 2):
        raise Unclear("`axes` are not known")
    one, two = (axes, axes) if isinstance(axes, int) else axes
    call.least(x, 2)
    call.least(y, 2)
    i, j = call.axis(x, one), call.axis(y, two)
    for axis in (i, j):
        if axis == 0:
            call.wrong("`axes`", axes, "an axis behind the batch")
    call.match(x, 0, y, 0)
    call.match(x, i, y, j)
    left = tuple(p for k, p in enumerate(x.parts) if k != i)
    right = tuple(p for k, p in enumerate(y.parts) if k not in (0, j))
    parts = left + right
    return TensorSpec(parts if len(parts) > 1 else (*parts, 1))
