"""Layers of Keras. Input sizes are those that a layer was built with, where it is built (`built_shape`)."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim
from shapetypes.core.shape import TensorSpec, Unknown, Var, least_rank
from shapetypes.ops.apply import Layer
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules.layer_parts import option


def _built(call: Call, self: Layer, x: TensorSpec, axis: int) -> None:
    """Require an axis to have the size with which the layer's weights were made."""
    shape = option(self, "built_shape")
    if not isinstance(shape, (tuple, list)) or not -len(shape) <= axis < len(shape):
        return
    want = shape[axis]
    if isinstance(want, int):
        call.expect(x, axis, want)


def _first(self: Layer) -> bool:
    """Whether the channels come behind the batch, not last."""
    form = option(self, "data_format")
    if isinstance(form, Unknown):
        raise Unclear("`data_format` is not known")
    return bool(form == "channels_first")


@rule
def keras_dense(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"*b i" -> "*b units"`, rank 2 or more. Source: `keras.layers.Dense`."""
    call.least(inputs, 2)
    _built(call, self, inputs, -1)
    units = call.size(option(self, "units"))
    if inputs.shape is None or isinstance(inputs.parts[-1], Var):
        raise Unclear("the last axis is not known")
    return TensorSpec((*inputs.parts[:-1], units))


@rule
def keras_embedding(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"*s" -> "*s output_dim"`, any dtype. Source: `keras.layers.Embedding`."""
    return TensorSpec((*inputs.parts, call.size(option(self, "output_dim"))))


@rule
def keras_same(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"*s" -> "*s"`. Source: `keras.layers.Dropout`, activations."""
    spatial = {"SpatialDropout1D": 3, "SpatialDropout2D": 4}.get(self.stub.name)
    if spatial is not None and inputs.shape is not None:
        call.rank(inputs, spatial)
    return TensorSpec(inputs.shape)


@rule
def keras_normal(call: Call, self: Layer, **inputs: TensorSpec) -> TensorSpec:
    """`"*s" -> "*s"`, with the sizes along `axis` that it was built for. Source: `keras.layers.BatchNormalization`."""
    x = call.tensor(next(iter(inputs.values())))
    axis = option(self, "axis", -1)
    for one in axis if isinstance(axis, (list, tuple)) else (axis,):
        if isinstance(one, int) and not isinstance(one, bool):
            _built(call, self, x, one)
    return TensorSpec(x.shape)


# -- convolution and pooling ------------------------------------------------------------------------------------------


def _windows(call: Call, size: Dim, kernel: Dim, stride: Dim, dilation: Dim, padding: Any) -> Dim:
    """How many windows an axis has (elements)."""
    if padding in ("same", "causal"):
        return d.floordiv(size + stride - 1, stride)
    if padding != "valid":
        return d.unknown("padding")
    width = (kernel - 1) * dilation + 1
    gap = call.judge.reduce(size) - call.judge.reduce(width)
    if isinstance(gap, int) and gap < 0:
        call.fail("dim-mismatch", "least", got=size, want=width, name="spatial size")
    return d.floordiv(size - width, stride) + 1


def _count(self: Layer, name: str) -> int:
    value = option(self, name)
    if not isinstance(value, (tuple, list)):
        raise Unclear(f"`{name}` is not known")
    return len(value)


@rule
def keras_conv(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"b *spatial c" -> "b *windows filters"`, or channels first. Source: `keras.layers.Conv2D`."""
    count = _count(self, "kernel_size")
    call.rank(inputs, count + 2)
    at = 1 if _first(self) else count + 1
    _built(call, self, inputs, at)
    call.divides(call.size(option(self, "groups", 1)), call.at(inputs, at), inputs, at, "groups")
    kernel, stride, dilation = (
        call.ints(option(self, name, 1), count) for name in ("kernel_size", "strides", "dilation_rate")
    )
    start = 2 if at == 1 else 1
    sizes = [
        _windows(call, call.at(inputs, start + i), kernel[i], stride[i], dilation[i], option(self, "padding"))
        for i in range(count)
    ]
    filters = call.size(option(self, "filters"))
    batch = call.at(inputs, 0)
    return TensorSpec((batch, filters, *sizes) if at == 1 else (batch, *sizes, filters))


@rule
def keras_pool(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"b *spatial c" -> "b *windows c"`, or channels first. Source: `keras.layers.MaxPooling2D`."""
    count = _count(self, "pool_size")
    call.rank(inputs, count + 2)
    at = 1 if _first(self) else count + 1
    kernel = call.ints(option(self, "pool_size"), count)
    strides = option(self, "strides")
    stride = kernel if strides is None else call.ints(strides, count)
    start = 2 if at == 1 else 1
    sizes = [
        _windows(call, call.at(inputs, start + i), kernel[i], stride[i], 1, option(self, "padding"))
        for i in range(count)
    ]
    batch, channels = call.at(inputs, 0), call.at(inputs, at)
    return TensorSpec((batch, channels, *sizes) if at == 1 else (batch, *sizes, channels))


@rule
def keras_global_pool(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"b *spatial c" -> "b c"`, or channels first. Source: `keras.layers.GlobalAveragePooling2D`."""
    count = {"1": 1, "2": 2, "3": 3}[self.stub.name[-2]]
    call.rank(inputs, count + 2)
    at = 1 if _first(self) else count + 1
    ones = (1,) * count if call.flag(option(self, "keepdims", False)) else ()
    batch, channels = call.at(inputs, 0), call.at(inputs, at)
    return TensorSpec((batch, channels, *ones) if at == 1 else (batch, *ones, channels))


# -- recurrence and attention -----------------------------------------------------------------------------------------


def _recurrence(call: Call, self: Layer, x: TensorSpec) -> tuple[TensorSpec, list[TensorSpec]]:
    """The output of one recurrent layer, and its last states if it returns them."""
    call.rank(x, 3)
    _built(call, self, x, -1)
    units, batch, time = call.size(option(self, "units")), call.at(x, 0), call.at(x, 1)
    every = call.flag(option(self, "return_sequences"))
    out = TensorSpec((batch, time, units) if every else (batch, units))
    count = 2 if self.stub.name == "LSTM" else 1
    states = [TensorSpec((batch, units))] * count if call.flag(option(self, "return_state")) else []
    return out, states


def _initial(call: Call, self: Layer, x: TensorSpec, initial: Any) -> None:
    """Given states are `"batch units"`."""
    for state in initial if isinstance(initial, (list, tuple)) else (initial,):
        if isinstance(state, TensorSpec) and state.shape is not None:
            call.rank(state, 2)
            call.match(x, 0, state, 0)
            call.expect(state, 1, call.size(option(self, "units")), "units")


@rule
def keras_recurrent(call: Call, self: Layer, sequences: TensorSpec, initial_state: Any) -> Any:
    """`"b t i" -> "b units"`; `"b t units"` with `return_sequences`, states with `return_state`.

    Source: `keras.layers.LSTM`, `keras.layers.GRU`, `keras.layers.SimpleRNN`.
    """
    out, states = _recurrence(call, self, sequences)
    _initial(call, self, sequences, initial_state)
    return (out, *states) if states else out


@rule
def keras_bidirectional(call: Call, self: Layer, sequences: TensorSpec) -> Any:
    """Both directions of a recurrent layer, their last axes concatenated. Source: `keras.layers.Bidirectional`."""
    inner, mode = option(self, "layer"), option(self, "merge_mode")
    if not isinstance(inner, Layer) or isinstance(mode, Unknown):
        raise Unclear("the layer inside is not known")
    out, states = _recurrence(call, inner, sequences)
    if mode is None:
        return (out, out, *states, *states)
    if mode == "concat":
        out = TensorSpec((*out.parts[:-1], call.at(out, -1) * 2))
    return (out, *states, *states) if states else out


@rule
def keras_attention(
    call: Call, self: Layer, query: TensorSpec, value: TensorSpec, key: Any, return_attention_scores: Any
) -> Any:
    """`"b t q", "b s v", "b s k"? -> "b t q"`, scores `"b heads t s"`. Source: `keras.layers.MultiHeadAttention`."""
    if option(self, "attention_axes") not in (None, (1,), [1]):
        raise Unclear("attention over several axes")
    call.rank(query, 3)
    call.rank(value, 3)
    _built(call, self, query, -1)
    call.match(query, 0, value, 0)
    if isinstance(key, TensorSpec):
        call.rank(key, 3)
        call.match(value, 0, key, 0)
        call.match(value, 1, key, 1)
    width = option(self, "output_shape")
    batch, time = call.at(query, 0), call.at(query, 1)
    if isinstance(width, Unknown):
        raise Unclear("`output_shape` is not known")
    ends = (call.at(query, -1),) if width is None else call.sizes(width)
    out = TensorSpec((batch, time, *ends))
    if not call.flag(return_attention_scores):
        return out
    return out, TensorSpec((batch, call.size(option(self, "num_heads")), time, call.at(value, 1)))


# -- reshaping --------------------------------------------------------------------------------------------------------


@rule
def keras_flatten(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"b *s" -> "b n"`. Source: `keras.layers.Flatten`."""
    call.least(inputs, 1)
    if inputs.rank is None:
        known = least_rank(inputs.parts) and not isinstance(inputs.parts[0], Var)
        return TensorSpec((inputs.parts[0] if known else d.unknown("batch"), d.unknown("flattened")))
    return TensorSpec((inputs.parts[0], d.product(call.at(inputs, i) for i in range(1, inputs.rank))))


@rule
def keras_reshape(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"b *s" -> "b *target_shape"`, one of them may be -1. Source: `keras.layers.Reshape`."""
    target = option(self, "target_shape")
    rank = call.rank(inputs)
    if not isinstance(target, (tuple, list)):
        raise Unclear("`target_shape` is not known")
    sizes = list(call.sizes(target))
    have = d.product(call.at(inputs, i) for i in range(1, rank))
    if -1 in sizes:
        rest = d.product(s for s in sizes if s != -1)
        call.divides(rest, have, name="elements")
        sizes[sizes.index(-1)] = call.judge.quotient(have, rest)
    else:
        conflict = call.judge.same(have, d.product(sizes))
        if conflict:
            call.fail("dim-mismatch", "elements", argument=inputs.label or None, got=have, want=d.product(sizes))
    return TensorSpec((call.at(inputs, 0), *sizes))


@rule
def keras_permute(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """The axes behind the batch in the order of `dims`, which count from 1. Source: `keras.layers.Permute`."""
    dims = option(self, "dims")
    if not isinstance(dims, (tuple, list)):
        raise Unclear("`dims` are not known")
    call.rank(inputs, len(dims) + 1)
    return TensorSpec((call.at(inputs, 0), *(call.at(inputs, call.integer(i)) for i in dims)))


@rule
def keras_repeat(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"b f" -> "b n f"`. Source: `keras.layers.RepeatVector`."""
    call.rank(inputs, 2)
    return TensorSpec((call.at(inputs, 0), call.size(option(self, "n")), call.at(inputs, 1)))
