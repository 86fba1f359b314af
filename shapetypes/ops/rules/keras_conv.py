"""Keras: convolution and pooling."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.apply import Layer
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules.keras_parts import arranged, built_axis, channel_axis, spatial_count, values, windows
from shapetypes.ops.rules.layer_parts import all_at_least, at_least, ints, option


def windowed(call: Call, self: Layer, x: TensorSpec, lead: int = 1) -> tuple[list[Any], int]:
    """The spatial sizes after a convolution, and the axis of the channels; there are `lead` axes in front."""
    count, start, at = channel_axis(call, self, x, lead)
    built_axis(call, self, x, at)
    if lead > 1:  # a cell keeps the sizes of its first step
        for i in range(start, start + count):
            built_axis(call, self, x, i)
    kernel, stride, dilation = (values(call, self, n, count) for n in ("kernel_size", "strides", "dilation_rate"))
    padding = option(self, "padding")
    sizes = [windows(call, x, start + i, kernel[i], stride[i], dilation[i], padding) for i in range(count)]
    return sizes, at


@rule
def keras_conv(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"b *spatial c" -> "b *windows filters"`, or channels first. Source: `keras.layers.Conv2D`, `SeparableConv2D`."""
    sizes, at = windowed(call, self, inputs)
    call.divides(call.size(option(self, "groups", 1)), call.at(inputs, at), inputs, at, "groups")
    return arranged(self, (call.at(inputs, 0),), sizes, call.size(option(self, "filters")))


@rule
def keras_depthwise(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"b *spatial c" -> "b *windows c*depth_multiplier"`. Source: `keras.layers.DepthwiseConv2D`."""
    sizes, at = windowed(call, self, inputs)
    channels = call.at(inputs, at) * call.size(option(self, "depth_multiplier"))
    return arranged(self, (call.at(inputs, 0),), sizes, channels)


@rule
def keras_conv_transpose(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"b *spatial c" -> "b *larger filters"`. Source: `keras.layers.Conv2DTranspose`."""
    count, start, at = channel_axis(call, self, inputs)
    built_axis(call, self, inputs, at)
    kernel, stride, dilation = (values(call, self, n, count) for n in ("kernel_size", "strides", "dilation_rate"))
    extra = option(self, "output_padding", None)
    added = (None,) * count if extra is None else ints(call, extra, count, "output_padding")
    padding = option(self, "padding")
    sizes = [
        _spread(call.at(inputs, start + i), (kernel[i] - 1) * dilation[i] + 1, stride[i], added[i], padding)
        for i in range(count)
    ]
    return arranged(self, (call.at(inputs, 0),), sizes, call.size(option(self, "filters")))


def _spread(size: Dim, width: Dim, stride: Dim, extra: Dim | None, padding: Any) -> Dim:
    """A spatial size after a transposed convolution."""
    if padding == "valid":
        if extra is None:
            extra = d.maximum(width, stride) - width
        return (size - 1) * stride + width + extra
    if padding != "same":
        return d.unknown("padding")
    return size * stride if extra is None else (size - 1) * stride + d.mod(width, 2) + extra


@rule
def keras_conv_init(call: Call, **given: Any) -> None:
    """Sizes are 1 or more, groups divide the filters, and not both strides and dilation are above 1.

    Source: `keras.layers.Conv2D`.
    """
    filters, groups = given.get("filters"), given.get("groups", 1)
    for name in ("filters", "groups", "depth_multiplier"):
        at_least(call, given.get(name), 1, name)
    rows = {n: _row(given.get(n)) for n in ("kernel_size", "strides", "dilation_rate")}
    for name, row in rows.items():
        all_at_least(call, row, 1, name)
    if isinstance(filters, (int, d.Poly)) and isinstance(groups, (int, d.Poly)):
        call.divides(groups, filters, name="filters")
    if all(any(isinstance(v, int) and v > 1 for v in rows[n]) for n in ("strides", "dilation_rate")):
        call.wrong("`dilation_rate`", rows["dilation_rate"], "1 where `strides` is above 1")


def _row(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


@rule
def keras_pool(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"b *spatial c" -> "b *windows c"`, or channels first. Source: `keras.layers.MaxPooling2D`."""
    count, start, at = channel_axis(call, self, inputs)
    kernel = values(call, self, "pool_size", count)
    stride = kernel if option(self, "strides") is None else values(call, self, "strides", count)
    padding = option(self, "padding")
    sizes = [windows(call, inputs, start + i, kernel[i], stride[i], 1, padding) for i in range(count)]
    return arranged(self, (call.at(inputs, 0),), sizes, call.at(inputs, at))


@rule
def keras_adaptive_pool(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"b *spatial c" -> "b *output_size c"`. Source: `keras.layers.AdaptiveMaxPooling2D`."""
    if inputs.rank != spatial_count(self) + 2:
        raise Unclear("Keras does not refuse another number of axes here")
    count, _, at = channel_axis(call, self, inputs)
    sizes = values(call, self, "output_size", count)
    return arranged(self, (call.at(inputs, 0),), list(sizes), call.at(inputs, at))


@rule
def keras_global_pool(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"b *spatial c" -> "b c"`, or channels first. Source: `keras.layers.GlobalAveragePooling2D`."""
    count, _, at = channel_axis(call, self, inputs)
    keep = option(self, "keepdims", False)
    if isinstance(keep, Unknown):
        raise Unclear("`keepdims` is not known")
    return arranged(self, (call.at(inputs, 0),), [1] * count if keep else [], call.at(inputs, at))
