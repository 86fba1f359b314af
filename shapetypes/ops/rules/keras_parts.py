"""What the rules of Keras layers share: what a layer was built with, channel order, windows, layers inside layers.

A Keras layer gets its in-sizes at its first call. They stand in its argument `built_shapes`, by the name of the
parameter of `call` that they came from; it is absent as long as the layer is not built.
"""

from __future__ import annotations

import re
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim, Poly
from shapetypes.core.shape import TensorSpec, Unknown, axis_at
from shapetypes.ops.apply import BUILT, Layer, call_function
from shapetypes.ops.call import Call, Unclear
from shapetypes.ops.rules.layer_parts import option, size_at_least
from shapetypes.ops.stubs import Function, default_stubs


def built_axis(call: Call, self: Layer, x: TensorSpec, axis: int, name: str = "") -> None:
    """Require an axis to have the size with which the layer's weights were made.

    Args:
        call: The call.
        self: The layer.
        x: The input.
        axis: Which of its axes.
        name: The parameter that the input is passed as; by default the first.
    """
    shapes = option(self, BUILT, {})
    shape = shapes.get(name) if name else next(iter(shapes.values()), None)
    want = axis_at(tuple(shape), axis) if isinstance(shape, (tuple, list)) else None
    if isinstance(want, int) or (isinstance(want, Poly) and not d.is_unknown(want)):
        call.expect(x, axis, want)


def channels_first(self: Layer) -> bool:
    """Whether the channels come behind the batch, not last."""
    form = option(self, "data_format", None)
    if isinstance(form, Unknown):
        raise Unclear("`data_format` is not known")
    return bool(form == "channels_first")


def spatial_count(self: Layer) -> int:
    """How many spatial axes a layer such as `Conv2D` works on."""
    found = re.search(r"([123])D", self.stub.name)
    if found is None:
        raise Unclear("the number of spatial axes is not known")
    return int(found[1])


def channel_axis(call: Call, self: Layer, x: TensorSpec, lead: int = 1) -> tuple[int, int, int]:
    """Require `lead` leading axes, the spatial ones and the channels.

    Returns:
        The number of spatial axes, the first of them, and the axis of the channels.
    """
    count = spatial_count(self)
    call.rank(x, count + lead + 1)
    first = channels_first(self)
    return count, lead + first, lead if first else count + lead


def arranged(self: Layer, lead: tuple[Any, ...], spatial: list[Any], channels: Any) -> TensorSpec:
    """A tensor with these axes, the channels where the layer has them."""
    return TensorSpec((*lead, channels, *spatial) if channels_first(self) else (*lead, *spatial, channels))


def values(call: Call, self: Layer, name: str, count: int, default: Any = 1) -> tuple[Dim, ...]:
    """An argument of the constructor with one value for each spatial axis; unknown ones where it is not known."""
    value = option(self, name, default)
    if isinstance(value, (Unknown, TensorSpec)):
        return tuple(d.unknown(name) for _ in range(count))
    return call.ints(value, count)


def windows(call: Call, x: TensorSpec, axis: int, kernel: Dim, stride: Dim, dilation: Dim, padding: Any) -> Dim:
    """How many windows an axis has (elements), which must be long enough for one."""
    size = call.at(x, axis)
    padding = padding.lower() if isinstance(padding, str) else padding
    if padding in ("same", "causal"):
        return d.floordiv(size + stride - 1, stride)
    if padding != "valid":
        return d.unknown("padding")
    width = (kernel - 1) * dilation + 1
    size_at_least(call, x, axis, width)
    return d.floordiv(size - width, stride) + 1


def inner_layer(self: Layer, name: str = "layer") -> Layer:
    """The layer inside a wrapper.

    Raises:
        Unclear: it is not one of the op database.
    """
    inner = option(self, name)
    if not isinstance(inner, Layer):
        raise Unclear("the layer inside is not known")
    return inner


def run_layer(call: Call, layer: Any, *args: Any, **kwargs: Any) -> Any:
    """What a layer of the op database returns."""
    signatures = layer.stub.table.methods.get("call") if isinstance(layer, Layer) else None
    if signatures is None:
        raise Unclear("the layer inside is not known")
    function = Function(f"{layer.stub.path}.call", signatures, layer.stub)
    return call_function(call.judge, default_stubs(), function, args, kwargs, owner=layer).value


def one_tensor(value: Any) -> TensorSpec:
    """A result that must be one tensor.

    Raises:
        Unclear: it is not known to be one.
    """
    if not isinstance(value, TensorSpec):
        raise Unclear(value.reason if isinstance(value, Unknown) else "the layer inside returns several values")
    return value


def tensor_list(call: Call, inputs: Any, count: tuple[int, ...] = ()) -> list[TensorSpec]:
    """The inputs of a layer that takes a list of tensors.

    Raises:
        ShapeError: it is one tensor, or not as many as `count` allows.
    """
    if isinstance(inputs, TensorSpec) and inputs.shape is not None:
        call.wrong("inputs", inputs.shape, "a list of tensors", inputs.label or None)
    if not isinstance(inputs, (list, tuple)):
        raise Unclear("the list of tensors is not known")
    if count and len(inputs) not in count:
        call.wrong("the number of inputs", len(inputs), count[0])
    return [call.tensor(v) for v in inputs]


def is_one(call: Call, size: Dim) -> bool:
    """Whether a size is 1, which a name never is.

    Raises:
        Unclear: it may be.
    """
    size = call.judge.reduce(size)
    if isinstance(size, Poly) and any(a.kind != d.RIGID for a in size.atoms):
        raise Unclear("an axis may have size 1")
    return size == 1


def same_rank(call: Call, x: TensorSpec, y: TensorSpec) -> tuple[TensorSpec, TensorSpec]:
    """Two tensors of which one may have a last axis of size 1 more than the other: it goes, or the other gets one.

    Source: `keras.src.losses.loss.squeeze_or_expand_to_same_rank`.
    """
    if x.rank is None or y.rank is None:
        raise Unclear("the rank is not known")
    if x.rank == y.rank + 1:
        long, short = _aligned(call, x, y)
        return long, short
    if y.rank == x.rank + 1:
        long, short = _aligned(call, y, x)
        return short, long
    return x, y


def _aligned(call: Call, long: TensorSpec, short: TensorSpec) -> tuple[TensorSpec, TensorSpec]:
    if not is_one(call, call.at(long, -1)):
        return long, short
    if short.rank == 1:
        return long, TensorSpec((*short.parts, 1), short.dtype, short.label)
    return TensorSpec(long.parts[:-1], long.dtype, long.label), short
