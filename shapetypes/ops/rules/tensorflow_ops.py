"""Functions of TensorFlow that differ from those of Keras in more than their names."""

from __future__ import annotations

import re
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.shape import Slices, TensorSpec, Unknown
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules import joining, keras_ops, keras_ops_nn as nn
from shapetypes.ops.rules.arrays import array_like, np_matmul
from shapetypes.ops.rules.keras_ops import floating


@rule
def tf_matmul(
    call: Call,
    a: Any,
    b: Any,
    transpose_a: Any = False,
    transpose_b: Any = False,
    adjoint_a: Any = False,
    adjoint_b: Any = False,
) -> TensorSpec:
    """`"*b n k", "*b k m" -> "*b n m"`, each transposed first if so said. Source: `tf.matmul`."""
    left = _turned(call, array_like(call, a), call.flag(transpose_a) or call.flag(adjoint_a))
    right = _turned(call, array_like(call, b), call.flag(transpose_b) or call.flag(adjoint_b))
    out = np_matmul(call, left, right)
    return TensorSpec(out.shape, floating(out))


def _turned(call: Call, x: TensorSpec, turn: bool) -> TensorSpec:
    call.least(x, 2)
    if not turn:
        return x
    call.rank(x)
    return TensorSpec((*x.parts[:-2], x.parts[-1], x.parts[-2]), x.dtype, x.label)


@rule
def tf_matvec(call: Call, a: Any, b: Any, transpose_a: Any = False) -> TensorSpec:
    """`"*b n k", "*b k" -> "*b n"`. Source: `tf.linalg.matvec`."""
    left, right = _turned(call, array_like(call, a), call.flag(transpose_a)), array_like(call, b)
    call.least(right, 1)
    call.match(left, -1, right, -1)
    call.rank(left)
    call.rank(right)
    lead = call.broadcast(
        TensorSpec(left.parts[:-2], None, left.label), TensorSpec(right.parts[:-1], None, right.label)
    )
    return TensorSpec((*lead, call.at(left, -2)))


@rule
def tf_variable(call: Call, initial_value: Any = None, dtype: Any = None) -> TensorSpec:
    """The shape of the first value. Source: `tf.Variable`."""
    return keras_ops.ops_array(call, dtype, value=initial_value)


@rule
def tf_index(call: Call, input: Any, axis: Any = None) -> TensorSpec:
    """Without one axis, by default the first. Source: `tf.argmax`."""
    return keras_ops.ops_index(call, 0 if axis is None else axis, x=input)


@rule
def tf_split(call: Call, value: Any, num_or_size_splits: Any, axis: Any = 0) -> list[TensorSpec] | Slices:
    """As many equal pieces, or pieces of the given sizes. Source: `tf.split`."""
    x = array_like(call, value)
    if isinstance(num_or_size_splits, (list, tuple)):
        sizes = list(num_or_size_splits)
        if -1 in sizes:
            at = call.axis(x, axis)
            rest = call.at(x, at) - sum(call.size(s) for s in sizes if s != -1)
            sizes = [rest if s == -1 else s for s in sizes]
        return joining.listed(joining.split(call, x, sizes, axis))
    return keras_ops.ops_split(call, x, num_or_size_splits, axis)


@rule
def tf_tile(call: Call, input: Any, multiples: Any) -> TensorSpec:
    """Each size times its multiple. Source: `tf.tile`."""
    x = array_like(call, input)
    if not isinstance(multiples, (list, tuple)):
        raise Unclear("the multiples are not known")
    if len(multiples) != call.rank(x):
        call.fail("rank-mismatch", "count", name="multiples", got=len(multiples), want=x.rank)
    return TensorSpec([call.at(x, i) * call.size(m) for i, m in enumerate(multiples)], x.dtype)


@rule
def tf_gather(call: Call, params: Any, indices: Any, axis: Any = None, batch_dims: Any = 0) -> TensorSpec:
    """The axis is replaced by those of the indices behind the batch. Source: `tf.gather`."""
    x, at = array_like(call, params), array_like(call, indices)
    count = call.integer(batch_dims)
    count = count + call.rank(at) if count < 0 else count
    call.least(x, 1)
    call.least(at, count)
    i = call.axis(x, count if axis is None else axis)
    for k in range(count):
        call.match(x, k, at, k)
    return TensorSpec((*x.parts[:i], *at.parts[count:], *x.parts[i + 1 :]), x.dtype)


@rule
def tf_gather_nd(call: Call, params: Any, indices: Any, batch_dims: Any = 0) -> TensorSpec:
    """`"*i k" -> "*i *rest"`: the last axis of the indices names the first axes. Source: `tf.gather_nd`."""
    x, at = array_like(call, params), array_like(call, indices)
    if call.integer(batch_dims):
        raise Unclear("a batch of indices")
    call.least(at, 1)
    count = call.integer(call.at(at, -1))
    call.least(x, count)
    call.rank(x)
    return TensorSpec((*call.lead(at, 1), *x.parts[count:]), x.dtype)


@rule
def tf_mask(call: Call, tensor: Any, mask: Any, axis: Any = None) -> TensorSpec:
    """The axes of the mask become one, of unknown size. Source: `tf.boolean_mask`."""
    x, chosen = array_like(call, tensor), array_like(call, mask)
    start = 0 if axis is None else call.axis(x, axis)
    rank = call.rank(chosen)
    call.least(x, start + rank)
    for i in range(rank):
        call.match(x, start + i, chosen, i)
    call.rank(x)
    return TensorSpec((*x.parts[:start], d.unknown("the number of true values"), *x.parts[start + rank :]), x.dtype)


@rule
def tf_sequence_mask(call: Call, lengths: Any, maxlen: Any = None) -> TensorSpec:
    """`"*s" -> "*s maxlen"`, bool unless said otherwise. Source: `tf.sequence_mask`."""
    longest = d.unknown("the longest length") if maxlen is None else call.size(maxlen)
    return TensorSpec((*array_like(call, lengths).parts, longest))


@rule
def tf_cast_size(call: Call, input: Any) -> TensorSpec:
    """A number. Source: `tf.size`."""
    array_like(call, input)
    return TensorSpec(())


@rule
def tf_diag(call: Call, diagonal: Any, k: Any = 0) -> TensorSpec:
    """`"*b n" -> "*b n n"`. Source: `tf.linalg.diag`."""
    x = array_like(call, diagonal)
    call.least(x, 1)
    if k != 0:
        raise Unclear("several diagonals")
    return TensorSpec((*x.parts, call.at(x, -1)), x.dtype)


@rule
def tf_diag_part(call: Call, input: Any, k: Any = 0) -> TensorSpec:
    """`"*b n m" -> "*b min(n,m)"`. Source: `tf.linalg.diag_part`."""
    x = array_like(call, input)
    call.least(x, 2)
    if k != 0:
        raise Unclear("several diagonals")
    return TensorSpec((*call.lead(x, 2), d.minimum(call.at(x, -2), call.at(x, -1))), x.dtype)


@rule
def tf_trace(call: Call, x: Any) -> TensorSpec:
    """`"*b n m" -> "*b"`. Source: `tf.linalg.trace`."""
    given = array_like(call, x)
    call.least(given, 2)
    return TensorSpec(call.lead(given, 2), given.dtype)


@rule
def tf_turn(call: Call, a: Any) -> TensorSpec:
    """`"*b n m" -> "*b m n"`. Source: `tf.linalg.matrix_transpose`."""
    return _turned(call, array_like(call, a), turn=True)


# -- networks ---------------------------------------------------------------------------------------------------------


def _inner(values: Any, count: int, data_format: Any) -> Any:
    """Strides or dilations of the spatial axes, where a value is given for each axis."""
    if not isinstance(values, (list, tuple)) or len(values) != count + 2:
        return values
    front = isinstance(data_format, str) and data_format.startswith("NC")
    return values[2:] if front else values[1:-1]


def _spatial_count(call: Call, x: TensorSpec) -> int:
    """How many spatial axes a function such as `conv2d` works on: its name says it, or the rank of a tensor does."""
    named = re.search(r"([123])d", call.subject)
    return (call.rank(x, int(named[1]) + 2) if named else call.rank(x, 3, 4, 5)) - 2


@rule
def tf_conv(
    call: Call,
    input: Any,
    padding: Any,
    data_format: Any = None,
    dilations: Any = None,
    **given: Any,
) -> TensorSpec:
    """`"b *spatial c"`, kernel `"*k c/groups o" -> "b *windows o"`. Source: `tf.nn.conv2d`."""
    weights = array_like(call, given.get("filters"))
    count = _spatial_count(call, weights)
    strides = _inner(given.get("strides", given.get("stride")), count, data_format)
    if not isinstance(padding, str):
        raise Unclear("explicit padding")
    return nn.ops_conv(call, input, weights, strides, padding, data_format, _inner(dilations, count, data_format))


@rule
def tf_depthwise_conv(
    call: Call, input: Any, filter: Any, strides: Any, padding: Any, data_format: Any = None, dilations: Any = None
) -> TensorSpec:
    """`"b h w c"`, kernel `"kh kw c m" -> "b *windows c*m"`. Source: `tf.nn.depthwise_conv2d`."""
    if not isinstance(padding, str):
        raise Unclear("explicit padding")
    if array_like(call, input).rank != 4:
        raise Unclear("TensorFlow does not refuse another number of axes here")
    steps = _inner(strides, 2, data_format)
    return nn.ops_depthwise_conv(call, input, filter, steps, padding, data_format, _inner(dilations, 2, data_format))


@rule
def tf_conv_transpose(
    call: Call,
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: Any,
    data_format: Any = None,
    dilations: Any = None,
) -> TensorSpec:
    """The shape that is given; kernel `"*k o c"`. Source: `tf.nn.conv2d_transpose`."""
    x, weights = array_like(call, input), array_like(call, filters)
    count = _spatial_count(call, weights)
    call.least(x, count + 2)
    if call.rank(x) > count + 2:
        raise Unclear("TensorFlow does not refuse another number of axes here")
    start, at = nn.last_channels(call, x, count, data_format)
    call.match(x, at, weights, -1)
    out = TensorSpec(call.sizes(output_shape), floating(x))
    if out.rank is not None and out.rank != count + 2:
        call.fail("rank-mismatch", "count", name="sizes", got=out.rank, want=count + 2)
    call.expect(x, 0, call.at(out, 0), "output_shape")
    call.expect(weights, -2, call.at(out, at), "output_shape")
    gaps = _inner(dilations, count, data_format)
    back = nn.windowed(call, out, weights.parts[:count], _inner(strides, count, data_format), padding, start, gaps)
    for i, size in enumerate(back):
        call.expect(x, start + i, size, "output_shape")
    return out


@rule
def tf_pool(call: Call, input: Any, ksize: Any, strides: Any, padding: Any, data_format: Any = None) -> TensorSpec:
    """`"b *spatial c" -> "b *windows c"`. Source: `tf.nn.max_pool2d`."""
    x = array_like(call, input)
    count = _spatial_count(call, x)
    if not isinstance(padding, str):
        raise Unclear("explicit padding")
    kernel, steps = _inner(ksize, count, data_format), _inner(strides, count, data_format)
    return nn.ops_pool(call, x, kernel, steps, padding, data_format)


@rule
def tf_bias(call: Call, value: Any, bias: Any, data_format: Any = None) -> TensorSpec:
    """`"*s c", "c" -> "*s c"`. Source: `tf.nn.bias_add`."""
    x, add = array_like(call, value), array_like(call, bias)
    call.least(x, 2)
    call.rank(add, 1)
    at = 1 if isinstance(data_format, str) and data_format.startswith("NC") else -1
    call.match(x, at, add, 0)
    return TensorSpec(x.shape, x.dtype)


@rule
def tf_class_loss(call: Call, labels: Any, logits: Any, axis: Any = -1) -> TensorSpec:
    """Two tensors of one shape, the axis of classes goes. Source: `tf.nn.softmax_cross_entropy_with_logits`."""
    true, given = array_like(call, labels), array_like(call, logits)
    if call.rank(true) != call.rank(given):
        classes = {call.at(true, -1), call.at(given, -1)}
        if len(classes) == 2 and 1 not in classes and all(isinstance(size, int) for size in classes):
            call.fail("rank-mismatch", "rank", argument="labels", got=true.shape, want=(given.rank,), other="logits")
        raise Unclear("TensorFlow makes matrices of both")
    return nn.ops_class_loss(call, axis, labels=labels, logits=logits)


@rule
def tf_grey(call: Call, images: Any) -> TensorSpec:
    """`"*s c" -> "*s d"`: to one channel, or to three. Source: `tf.image.rgb_to_grayscale`, `grayscale_to_rgb`."""
    x = array_like(call, images)
    call.least(x, 1)
    to_grey = call.subject.startswith("rgb")
    call.expect(x, -1, 3 if to_grey else 1, "channels")
    return TensorSpec((*call.lead(x, 1), 1 if to_grey else 3), x.dtype)


@rule
def tf_image_size(call: Call, **given: Any) -> TensorSpec:
    """`"b? h w c" -> "b? target_height target_width c"`. Source: `tf.image.resize_with_pad`, ... ."""
    sizes = (given.get("target_height"), given.get("target_width"))
    return nn.ops_image_resize(call, next(iter(given.values())), sizes)


@rule
def tf_embedding(call: Call, params: Any, ids: Any) -> TensorSpec:
    """`"v *e", "*s" -> "*s *e"`. Source: `tf.nn.embedding_lookup`."""
    if isinstance(params, (list, tuple, Unknown)):
        raise Unclear("parts of an embedding")
    return tf_gather(call, params, ids, 0)


@rule
def tf_svd(call: Call, tensor: Any, full_matrices: Any = False, compute_uv: Any = True) -> Any:
    """`"*b m n" -> "*b k", "*b m k", "*b n k"`, `k = min(m,n)`. Source: `tf.linalg.svd`."""
    x = array_like(call, tensor)
    call.least(x, 2)
    call.rank(x)
    lead, m, n = x.parts[:-2], call.at(x, -2), call.at(x, -1)
    k = d.minimum(m, n)
    if not call.flag(compute_uv):
        return TensorSpec((*lead, k))
    full = call.flag(full_matrices)
    return TensorSpec((*lead, k)), TensorSpec((*lead, m, m if full else k)), TensorSpec((*lead, n, n if full else k))


@rule
def tf_qr(call: Call, input: Any, full_matrices: Any = False) -> tuple[TensorSpec, TensorSpec]:
    """`"*b m n" -> "*b m k", "*b k n"`, `k = min(m,n)`. Source: `tf.linalg.qr`."""
    x = array_like(call, input)
    call.least(x, 2)
    call.rank(x)
    lead, m, n = x.parts[:-2], call.at(x, -2), call.at(x, -1)
    k = m if call.flag(full_matrices) else d.minimum(m, n)
    return TensorSpec((*lead, m, k)), TensorSpec((*lead, k, n))


@rule
def ops_qr(call: Call, x: Any, mode: Any = "reduced") -> tuple[TensorSpec, TensorSpec]:
    """`"*b m n" -> "*b m k", "*b k n"`, `k = min(m,n)`. Source: `keras.ops.qr`."""
    return tf_qr(call, x, mode == "complete")


@rule
def ops_svd(call: Call, x: Any, full_matrices: Any = True, compute_uv: Any = True) -> Any:
    """`"*b m n" -> "*b m m", "*b k", "*b n n"`. Source: `keras.ops.svd`."""
    out = tf_svd(call, x, full_matrices, compute_uv)
    if isinstance(out, TensorSpec):
        return out
    s, u, v = out
    return u, s, TensorSpec((*v.parts[:-2], v.parts[-1], v.parts[-2]))
