"""Functions of `keras.ops` for networks and images, and of `keras.random`, `keras.utils`."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.call import Call, Unclear, replaced, rule
from shapetypes.ops.rules.arrays import array_like
from shapetypes.ops.rules.keras_ops import first, floating, stated
from shapetypes.ops.rules.keras_parts import is_one, windows


def last_channels(call: Call, x: TensorSpec, count: int, data_format: Any) -> tuple[int, int]:
    """Require axes of a batch, `count` spatial axes and channels; the first spatial axis, and that of the channels."""
    if isinstance(data_format, Unknown):
        raise Unclear("`data_format` is not known")
    call.least(x, count + 2)
    rank = call.rank(x)
    front = isinstance(data_format, str) and (
        data_format == "channels_first" or data_format in ("NCW", "NCHW", "NCDHW")
    )
    return (rank - count, rank - count - 1) if front else (rank - count - 1, rank - 1)


def arranged(x: TensorSpec, at: int, sizes: list[Any], channels: Any) -> TensorSpec:
    """The batch, the spatial sizes, and the channels where they were."""
    lead = x.parts[: len(x.parts) - len(sizes) - 1]
    return TensorSpec((*lead, channels, *sizes) if at == len(lead) else (*lead, *sizes, channels), floating(x))


def spatial(call: Call, value: Any, count: int) -> tuple[Any, ...]:
    """One value for each spatial axis; None is 1. TensorFlow also takes one for every axis, batch and channels too."""
    if isinstance(value, (list, tuple)) and len(value) == count + 2:
        raise Unclear("a value for every axis")
    return (1,) * count if value is None else call.ints(value, count)


def windowed(
    call: Call, x: TensorSpec, kernel: tuple[Any, ...], strides: Any, padding: Any, start: int, dilation: Any = None
) -> list[Any]:
    """The spatial sizes after windows of a kernel."""
    count = len(kernel)
    steps, gaps = spatial(call, strides, count), spatial(call, dilation, count)
    return [windows(call, x, start + i, kernel[i], steps[i], gaps[i], padding) for i in range(count)]


def _kernel(call: Call, kernel: Any) -> tuple[TensorSpec, int]:
    """A kernel `"*spatial i o"`, and the number of its spatial axes."""
    weights = array_like(call, kernel)
    call.least(weights, 3)
    return weights, call.rank(weights) - 2


@rule
def ops_conv(
    call: Call, inputs: Any, kernel: Any, strides: Any, padding: Any, data_format: Any, dilation_rate: Any
) -> TensorSpec:
    """`"b *spatial c"`, kernel `"*k c/groups o" -> "b *windows o"`. Source: `keras.ops.conv`."""
    x = array_like(call, inputs)
    weights, count = _kernel(call, kernel)
    start, at = last_channels(call, x, count, data_format)
    call.divides(call.at(weights, -2), call.at(x, at), x, at, "channels of the kernel")
    sizes = windowed(call, x, weights.parts[:count], strides, padding, start, dilation_rate)
    return arranged(x, at, sizes, call.at(weights, -1))


@rule
def ops_depthwise_conv(
    call: Call, inputs: Any, kernel: Any, strides: Any, padding: Any, data_format: Any, dilation_rate: Any
) -> TensorSpec:
    """`"b *spatial c"`, kernel `"*k c m" -> "b *windows c*m"`. Source: `keras.ops.depthwise_conv`."""
    x = array_like(call, inputs)
    weights, count = _kernel(call, kernel)
    call.rank(x, count + 2)
    start, at = last_channels(call, x, count, data_format)
    call.match(x, at, weights, count)
    sizes = windowed(call, x, weights.parts[:count], strides, padding, start, dilation_rate)
    return arranged(x, at, sizes, call.at(weights, -1) * call.at(x, at))


@rule
def ops_pool(call: Call, inputs: Any, pool_size: Any, strides: Any, padding: Any, data_format: Any) -> TensorSpec:
    """`"b *spatial c" -> "b *windows c"`. Source: `keras.ops.max_pool`, `average_pool`."""
    x = array_like(call, inputs)
    count = call.rank(x, 3, 4, 5) - 2
    start, at = last_channels(call, x, count, data_format)
    kernel = spatial(call, pool_size, count)
    sizes = windowed(call, x, kernel, kernel if strides is None else strides, padding, start)
    return arranged(x, at, sizes, call.at(x, at))


@rule
def ops_batch_norm(call: Call, x: Any, mean: Any, variance: Any, axis: Any) -> TensorSpec:
    """`"*s" -> "*s"`; mean and variance have the size of `axis`. Source: `keras.ops.batch_normalization`."""
    values = array_like(call, x)
    at = call.axis(values, axis)
    size = call.at(values, at)
    for statistic in (mean, variance):
        given = array_like(call, statistic)
        call.rank(given)
        if given.rank != 1:
            raise Unclear("statistics with other axes broadcast")
        size = call.fit(TensorSpec(replaced(values.parts, at, size), None, values.label), at, given, 0)
    return TensorSpec(replaced(values.parts, at, size), floating(values))


@rule
def ops_dot_attention(call: Call, query: Any, key: Any, value: Any) -> TensorSpec:
    """`"b t n h", "b s k h", "b s k h" -> "b t n h"`, `k` divides `n`. Source: `keras.ops.dot_product_attention`."""
    q, k, v = (array_like(call, t) for t in (query, key, value))
    for x in (q, k, v):
        call.rank(x, 4)
    for i in (0, 3):
        call.match(q, i, k, i)
    for i in (0, 1, 2):
        call.match(k, i, v, i)
    call.divides(call.at(k, 2), call.at(q, 2), q, 2, "heads of keys")
    return TensorSpec((*q.parts[:-1], call.at(v, 3)), floating(q))


@rule
def ops_gate(call: Call, x: Any, axis: Any = -1) -> TensorSpec:
    """One axis is halved. Source: `keras.ops.glu`."""
    values = array_like(call, x)
    at = call.axis(values, axis)
    size = call.at(values, at)
    call.divides(2, size, values, at)
    return TensorSpec([call.judge.quotient(size, 2) if i == at else p for i, p in enumerate(values.parts)])


# -- losses -----------------------------------------------------------------------------------------------------------


@rule
def ops_binary_loss(call: Call, **given: Any) -> TensorSpec:
    """Two tensors of one shape. Source: `keras.ops.binary_crossentropy`, `tf.nn.sigmoid_cross_entropy_with_logits`."""
    one, two = (array_like(call, v) for v in list(given.values())[:2])
    call.same_shape(two, one)
    return TensorSpec(two.shape)


@rule
def ops_class_loss(call: Call, axis: Any = -1, **given: Any) -> TensorSpec:
    """Two tensors of one shape, the axis of classes goes. Source: `keras.ops.categorical_crossentropy`."""
    out = ops_binary_loss(call, **given)
    at = call.axis(out, axis)
    return TensorSpec((*out.parts[:at], *out.parts[at + 1 :]))


@rule
def ops_sparse_loss(call: Call, **given: Any) -> TensorSpec:
    """`"*s", "*s classes" -> "*s"`. Source: `tf.nn.sparse_softmax_cross_entropy_with_logits`."""
    labels, logits = (array_like(call, v) for v in list(given.values())[:2])
    call.least(logits, 1)
    rank = call.rank(logits)
    if call.rank(labels) == rank and given.get("axis") is not None and is_one(call, call.at(labels, -1)):
        labels = TensorSpec(labels.parts[:-1], None, labels.label)
    if labels.rank != rank - 1:
        call.fail("target-mismatch", "target", argument=labels.label or None, got=labels.shape, want=logits.parts[:-1])
    for i in range(rank - 1):
        call.match(logits, i, labels, i)
    return TensorSpec(labels.shape)


# -- images and categories --------------------------------------------------------------------------------------------


@rule
def ops_image_resize(call: Call, images: Any, size: Any, data_format: Any = None) -> TensorSpec:
    """`"b? h w c" -> "b? height width c"`. Source: `keras.ops.image.resize`, `tf.image.resize`."""
    x = array_like(call, images)
    if x.shape is not None:
        call.rank(x, 3, 4)
    if isinstance(data_format, Unknown):
        raise Unclear("`data_format` is not known")
    sizes = size
    if isinstance(sizes, (list, tuple)) and len(sizes) != 2:
        call.fail("rank-mismatch", "count", name="sizes", got=len(sizes), want=2)
    new = call.sizes(sizes) if isinstance(sizes, (list, tuple)) else tuple(d.unknown("size") for _ in range(2))
    call.rank(x)
    at = -2 if data_format == "channels_first" else -3
    parts = list(x.parts)
    parts[at], parts[at + 1] = new
    return TensorSpec(parts)


@rule
def ops_image(call: Call, **given: Any) -> TensorSpec:
    """`"b? h w c" -> "b? h w c"`. Source: `tf.image.flip_left_right`, ... ."""
    x = first(call, given)
    if x.shape is not None:
        call.rank(x, 3, 4)
    return TensorSpec(x.shape, floating(x))


@rule
def ops_categories(call: Call, x: Any, num_classes: Any = None) -> TensorSpec:
    """`"*s" -> "*s classes"`; a last axis of size 1 goes first. Source: `keras.utils.to_categorical`."""
    given = array_like(call, x)
    classes = d.unknown("the number of classes") if num_classes is None else call.size(num_classes)
    rank = call.rank(given)
    kept = given.parts[:-1] if rank > 1 and is_one(call, call.at(given, -1)) else given.parts
    return TensorSpec((*kept, classes))


@rule
def ops_multi_hot(call: Call, inputs: Any, num_classes: Any = None, dtype: Any = None) -> TensorSpec:
    """`"b n" -> "b num_classes"`. Source: `keras.ops.multi_hot`."""
    x = array_like(call, inputs)
    if num_classes is None or call.rank(x) == 0:
        raise Unclear("the number of classes is not known")
    lead = () if call.rank(x) < 2 else (x.parts[0], *x.parts[2:])
    return TensorSpec((*lead, call.size(num_classes)), stated(dtype))
