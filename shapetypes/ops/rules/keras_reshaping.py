"""Keras: layers that reshape, crop, pad and repeat; the batch stays as it is."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim, Poly
from shapetypes.core.shape import TensorSpec, Var, least_rank
from shapetypes.ops.apply import Layer
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules.keras_parts import arranged, channel_axis, channels_first, values
from shapetypes.ops.rules.layer_parts import option, size_at_least


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
    target = (target,) if isinstance(target, (int, Poly)) else target
    rank = call.rank(inputs)
    if not isinstance(target, (tuple, list)) or any(isinstance(s, Var) for s in target):
        raise Unclear("`target_shape` is not known")
    sizes = [-1 if s is None else s for s in target]
    sizes = list(call.sizes(tuple(sizes)))
    have = d.product(call.at(inputs, i) for i in range(1, rank))
    free = [i for i, s in enumerate(sizes) if s == -1]
    if len(free) > 1:
        call.wrong("`target_shape`", target, "at most one -1")
    if free:
        rest = d.product(s for s in sizes if s != -1)
        call.divides(rest, have, name="elements")
        sizes[free[0]] = call.judge.quotient(have, rest)
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
def keras_permute_init(call: Call, dims: Any) -> None:
    """`dims` are the numbers from 1 on, in any order. Source: `keras.layers.Permute`."""
    if isinstance(dims, (tuple, list)) and all(isinstance(i, int) for i in dims):
        want = tuple(range(1, len(dims) + 1))
        if tuple(sorted(dims)) != want:
            call.wrong("`dims`", tuple(dims), want)


@rule
def keras_repeat(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """`"b f" -> "b n f"`. Source: `keras.layers.RepeatVector`."""
    call.rank(inputs, 2)
    return TensorSpec((call.at(inputs, 0), call.size(option(self, "n")), call.at(inputs, 1)))


def _edges(self: Layer, name: str, count: int) -> list[tuple[Any, Any]]:
    """Amounts at both ends of each spatial axis, from an int, an int for each axis, or a pair for each."""
    value = option(self, name)
    if isinstance(value, (int, Poly)):
        return [(value, value)] * count
    if count == 1 and isinstance(value, (tuple, list)) and len(value) == 1:
        value = value[0]
    if isinstance(value, (tuple, list)) and count == 1 and len(value) == 2:
        return [(value[0], value[1])]
    if not isinstance(value, (tuple, list)) or len(value) != count:
        raise Unclear(f"`{name}` is not known")
    pairs = [v if isinstance(v, (tuple, list)) else (v, v) for v in value]
    if any(len(p) != 2 for p in pairs):
        raise Unclear(f"`{name}` is not known")
    return [(p[0], p[1]) for p in pairs]


@rule
def keras_crop(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """Each spatial axis loses both ends, and something is left. Source: `keras.layers.Cropping2D`."""
    count, start, at = channel_axis(call, self, inputs)
    sizes: list[Any] = []
    for i, (low, high) in enumerate(_edges(self, "cropping", count)):
        gone = call.size(low) + call.size(high)
        size_at_least(call, inputs, start + i, gone + 1, "cropping")
        sizes.append(call.at(inputs, start + i) - gone)
    return arranged(self, (call.at(inputs, 0),), sizes, call.at(inputs, at))


@rule
def keras_pad(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """Each spatial axis gains both ends. Source: `keras.layers.ZeroPadding2D`."""
    count, start, at = channel_axis(call, self, inputs)
    edges = _edges(self, "padding", count)
    sizes = [call.at(inputs, start + i) + call.size(low) + call.size(high) for i, (low, high) in enumerate(edges)]
    return arranged(self, (call.at(inputs, 0),), sizes, call.at(inputs, at))


@rule
def keras_upsample(call: Call, self: Layer, inputs: TensorSpec) -> TensorSpec:
    """Each spatial axis times `size`. Source: `keras.layers.UpSampling2D`."""
    count, start, at = channel_axis(call, self, inputs)
    factors: tuple[Dim, ...] = values(call, self, "size", count)
    sizes = [call.at(inputs, start + i) * factors[i] for i in range(count)]
    return arranged(self, (call.at(inputs, 0),), sizes, call.at(inputs, at))


# -- images -----------------------------------------------------------------------------------------------------------


def _image(call: Call, self: Layer, data: Any) -> tuple[TensorSpec, int, int]:
    """An image or a batch of them, and its axes of heights and of channels, counted from the end.

    Raises:
        Unclear: it is a dict with labels and boxes beside the images, or not known.
    """
    if not isinstance(data, TensorSpec):
        raise Unclear("only plain images are followed")
    if data.shape is not None:
        call.rank(data, 3, 4)
    call.rank(data)
    return (data, -2, -3) if channels_first(self) else (data, -3, -1)


_COLOURED = frozenset({"RandomColorDegeneration", "RandomGrayscale", "RandomHue", "RandomSaturation"})


@rule
def keras_image(call: Call, self: Layer, data: Any) -> TensorSpec:
    """`"b? h w c" -> "b? h w c"`. Source: `keras.layers.RandomFlip`, ... ."""
    x, _, channels = _image(call, self, data)
    if self.stub.name in _COLOURED:
        call.expect(x, channels, 3)
    return TensorSpec(x.parts)


@rule
def keras_image_resize(call: Call, self: Layer, data: Any) -> TensorSpec:
    """`"b? h w c" -> "b? height width c"`. Source: `keras.layers.Resizing`, `CenterCrop`, `RandomCrop`."""
    x, height, _ = _image(call, self, data)
    parts = list(x.parts)
    parts[height], parts[height + 1] = call.size(option(self, "height")), call.size(option(self, "width"))
    return TensorSpec(parts)
