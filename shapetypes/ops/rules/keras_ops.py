"""Functions of `keras.ops` and TensorFlow that work on arrays of any meaning.

The two libraries and their functions call the first arguments differently (`x`, `input`, `tensor`, `values`, ...), so
rules take those in their order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dtype import FLOATS, as_set, canonical
from shapetypes.core.shape import UNIT, Slices, TensorSpec, Unknown
from shapetypes.ops.call import Call, Unclear, replaced, rule
from shapetypes.ops.rules import arrays as np_, arrays_layout as npl, diagonals, joining, linear
from shapetypes.ops.rules.arrays import array_like, promoted
from shapetypes.ops.rules.einsum import einsum
from shapetypes.ops.rules.reduce import cut

Given = Mapping[str, Any]


def first(call: Call, given: Given) -> TensorSpec:
    """The first argument as a tensor."""
    return array_like(call, next(iter(given.values())))


def floating(x: TensorSpec) -> Any:
    """The dtype of a tensor where it is a floating one: what becomes of others differs between the libraries."""
    names = as_set(x.dtype)
    return x.dtype if names is not None and names <= FLOATS else None


def stated(dtype: Any, otherwise: Any = None) -> Any:
    """The dtype that an argument states."""
    if dtype is None:
        return otherwise
    return canonical(dtype) if isinstance(dtype, str) else None


# -- element by element -----------------------------------------------------------------------------------------------


@rule
def ops_map(call: Call, **given: Any) -> TensorSpec:
    """`"*s" -> "*s"`. Source: `keras.ops.exp`, `tf.nn.relu`, ... ."""
    x = first(call, given)
    return TensorSpec(x.shape, floating(x))


@rule
def ops_same(call: Call, **given: Any) -> TensorSpec:
    """`"*s" -> "*s"` in the same dtype. Source: `keras.ops.copy`, `tf.identity`, ... ."""
    x = first(call, given)
    return TensorSpec(x.shape, x.dtype)


@rule
def ops_test(call: Call, **given: Any) -> TensorSpec:
    """`"*s" -> "*s"`, bool. Source: `keras.ops.isnan`, `tf.logical_not`, ... ."""
    return TensorSpec(first(call, given).shape, "bool")


@rule
def ops_cast(call: Call, dtype: Any, **given: Any) -> TensorSpec:
    """`"*s" -> "*s"` in another dtype. Source: `keras.ops.cast`, `tf.cast`."""
    return TensorSpec(first(call, given).shape, stated(dtype))


@rule
def ops_like(call: Call, dtype: Any = None, **given: Any) -> TensorSpec:
    """`"*s" -> "*s"`. Source: `keras.ops.zeros_like`, `tf.ones_like`, ... ."""
    x = first(call, given)
    return TensorSpec(x.shape, stated(dtype, x.dtype))


@rule
def ops_array(call: Call, dtype: Any = None, **given: Any) -> TensorSpec:
    """The shape of nested sequences, which must be even. Source: `keras.ops.array`, `tf.constant`, ... ."""
    value = next(iter(given.values()))
    x = array_like(call, value)
    if isinstance(given.get("shape"), (list, tuple)):
        return TensorSpec(call.sizes(given["shape"]), stated(dtype))
    return TensorSpec(x.shape, stated(dtype, x.dtype if isinstance(value, TensorSpec) else None))


@rule
def ops_broadcast(call: Call, **given: Any) -> TensorSpec:
    """The first two broadcast. Source: `keras.ops.add`, `tf.maximum`, ... ."""
    one, two = list(given.values())[:2]
    out = np_.np_elementwise(call, one, two)
    return TensorSpec(out.shape, floating(out))


@rule
def ops_compare(call: Call, **given: Any) -> TensorSpec:
    """The first two broadcast, bool. Source: `keras.ops.less`, `tf.logical_and`, ... ."""
    one, two = list(given.values())[:2]
    return np_.np_comparison(call, one, two)


@rule
def ops_broadcast_all(call: Call, **given: Any) -> TensorSpec:
    """All arguments that are tensors broadcast. Source: `keras.ops.clip`, `tf.clip_by_value`, `where`."""
    tensors = [array_like(call, v) for v in given.values() if v is not None and not isinstance(v, str)]
    if len(tensors) < 3:
        raise Unclear("the number of true values is not known")
    return TensorSpec(call.broadcast(*tensors))


# -- over axes --------------------------------------------------------------------------------------------------------


@rule
def ops_reduce(call: Call, axis: Any = None, keepdims: Any = False, **given: Any) -> TensorSpec:
    """Without the named axes, or with 1 in their place. Source: `keras.ops.sum`, `tf.reduce_mean`, ... ."""
    x = first(call, given)
    if axis is not None:
        call.least(x, 1)
    return TensorSpec(cut(call, x, axis, bool(keepdims) if keepdims is None else keepdims), floating(x))


@rule
def ops_test_all(call: Call, axis: Any = None, keepdims: Any = False, **given: Any) -> TensorSpec:
    """Without the named axes, bool. Source: `keras.ops.any`, `tf.reduce_all`."""
    return TensorSpec(ops_reduce(call, axis, keepdims, **given).shape, "bool")


@rule
def ops_index(call: Call, axis: Any = None, keepdims: Any = False, **given: Any) -> TensorSpec:
    """Without the named axis, integers. Source: `keras.ops.argmax`, ... ."""
    return TensorSpec(ops_reduce(call, axis, keepdims, **given).shape)


@rule
def ops_moments(call: Call, axes: Any, keepdims: Any = False, **given: Any) -> tuple[TensorSpec, TensorSpec]:
    """Mean and variance over axes. Source: `keras.ops.moments`, `tf.nn.moments`."""
    out = ops_reduce(call, axes, keepdims, **given)
    return out, out


@rule
def ops_quantile(call: Call, x: Any, q: Any, axis: Any = None, keepdims: Any = False) -> TensorSpec:
    """As many quantiles as `q` has, in front. Source: `keras.ops.quantile`, `percentile`."""
    return TensorSpec((*array_like(call, q).parts, *ops_reduce(call, axis, keepdims, x=x).parts))


@rule
def ops_average(call: Call, x: Any, axis: Any = None, weights: Any = None) -> TensorSpec:
    """Without the named axis; weights have the shape of `x`, or the size of that axis. Source: `keras.ops.average`."""
    values = array_like(call, x)
    if weights is not None:
        weight = array_like(call, weights)
        if call.rank(weight) == 1 and call.rank(values) > 1 and axis is not None:
            call.match(values, call.axis(values, axis), weight, 0)
        else:
            values = TensorSpec(call.broadcast(values, weight), None, values.label)
    return ops_reduce(call, axis, x=values)


@rule
def ops_along(call: Call, axis: Any = -1, **given: Any) -> TensorSpec:
    """`"*s" -> "*s"`, along an axis that must be there. Source: `keras.ops.softmax`, `tf.sort`, ... ."""
    x = first(call, given)
    if axis is not None and not isinstance(axis, Unknown) and x.rank is not None:
        call.least(x, 1)
        call.axes(x, axis)
    return TensorSpec(x.shape, floating(x))


@rule
def ops_normalized(call: Call, **given: Any) -> TensorSpec:
    """`"*s n" -> "*s n"`. Source: `keras.ops.layer_normalization`, `rms_normalization`."""
    x = first(call, given)
    if x.rank == 0:
        raise Unclear("a number is normalized")
    return TensorSpec(x.shape, floating(x))


@rule
def ops_order(call: Call, axis: Any = -1, **given: Any) -> TensorSpec:
    """`"*s" -> "*s"`, integers. Source: `keras.ops.argsort`, `digitize`."""
    return TensorSpec(ops_along(call, axis, **given).shape)


@rule
def ops_scan(call: Call, axis: Any = None, **given: Any) -> TensorSpec:
    """`"*s" -> "*s"`, or all elements on one axis. Source: `keras.ops.cumsum`."""
    return ops_along(call, axis, **given) if axis is not None else np_.np_ravel(call, first(call, given))


@rule
def ops_diff(call: Call, a: Any, n: Any = 1, axis: Any = -1) -> TensorSpec:
    """One axis loses `n`. Source: `keras.ops.diff`."""
    x = array_like(call, a)
    call.least(x, 1)
    at = call.axis(x, axis)
    return TensorSpec(replaced(x.parts, at, call.at(x, at) - call.size(n)), floating(x))


@rule
def ops_top(call: Call, k: Any = 1, **given: Any) -> tuple[TensorSpec, TensorSpec]:
    """`"*s n" -> "*s k", "*s k"`, `k <= n`. Source: `keras.ops.top_k`, `tf.math.top_k`."""
    x = first(call, given)
    call.least(x, 1)
    over = call.size(k) - call.at(x, -1)
    if isinstance(over, int) and over > 0:
        call.wrong("k", k, f"at most {call.at(x, -1)}", "k")
    shape = (*call.lead(x, 1), call.size(k))
    return TensorSpec(shape, x.dtype), TensorSpec(shape)


# -- another layout ---------------------------------------------------------------------------------------------------


@rule
def ops_reshape(call: Call, **given: Any) -> TensorSpec:
    """As many elements in another shape; one size may be -1. Source: `keras.ops.reshape`, `tf.reshape`."""
    shape = list(given.values())[1]
    if isinstance(shape, TensorSpec):
        return TensorSpec(np_.array_shape(call, shape), first(call, given).dtype)
    sizes = tuple(-1 if s is None else s for s in shape) if isinstance(shape, (tuple, list)) else shape
    return np_.np_reshape(call, first(call, given), sizes)


@rule
def ops_transpose(call: Call, **given: Any) -> TensorSpec:
    """The axes in the given order, or reversed. Source: `keras.ops.transpose`, `tf.transpose`."""
    return np_.np_transpose(call, first(call, given), list(given.values())[1])


@rule
def ops_swap(call: Call, x: Any, axis1: Any, axis2: Any) -> TensorSpec:
    """Two axes exchanged. Source: `keras.ops.swapaxes`."""
    return np_.np_swapaxes(call, x, axis1, axis2)


@rule
def ops_move(call: Call, x: Any, source: Any, destination: Any) -> TensorSpec:
    """The axes in another order. Source: `keras.ops.moveaxis`."""
    return npl.np_moveaxis(call, x, source, destination)


@rule
def ops_expand(call: Call, axis: Any, **given: Any) -> TensorSpec:
    """New axes of size 1. Source: `keras.ops.expand_dims`, `tf.expand_dims`."""
    x = first(call, given)
    places = axis if isinstance(axis, (list, tuple)) else (axis,)
    new = [call.axis(x, a, len(places)) for a in places]
    left = iter(x.parts)
    return TensorSpec([UNIT if i in new else next(left) for i in range(call.rank(x) + len(places))], x.dtype)


@rule
def ops_squeeze(call: Call, axis: Any = None, **given: Any) -> TensorSpec:
    """Axes of size 1 go; a named one must have it. Source: `keras.ops.squeeze`, `tf.squeeze`."""
    return np_.np_squeeze(call, first(call, given), None if axis == [] else axis)


@rule
def ops_ravel(call: Call, **given: Any) -> TensorSpec:
    """`"*s" -> "n"`. Source: `keras.ops.ravel`."""
    return np_.np_ravel(call, first(call, given))


@rule
def ops_broadcast_to(call: Call, shape: Any, **given: Any) -> TensorSpec:
    """The given shape, to which the tensor must broadcast. Source: `keras.ops.broadcast_to`, `tf.broadcast_to`."""
    return np_.np_broadcast_to(call, first(call, given), shape)


@rule
def ops_flip(call: Call, axis: Any = None, **given: Any) -> TensorSpec:
    """`"*s" -> "*s"`. Source: `keras.ops.flip`, `tf.reverse`."""
    x = first(call, given)
    if axis is not None:
        call.axes(x, axis)
    return TensorSpec(x.shape, x.dtype)


@rule
def ops_roll(call: Call, shift: Any, axis: Any = None, **given: Any) -> TensorSpec:
    """`"*s" -> "*s"`. Source: `keras.ops.roll`, `tf.roll`."""
    return npl.np_roll(call, first(call, given), shift, axis)


@rule
def ops_tile(call: Call, **given: Any) -> TensorSpec:
    """Sizes times repeats; missing ones count as 1. Source: `keras.ops.tile`."""
    return npl.np_tile(call, first(call, given), list(given.values())[1])


@rule
def ops_repeat(call: Call, repeats: Any, axis: Any = None, **given: Any) -> TensorSpec:
    """One axis, or all elements, `repeats` times. Source: `keras.ops.repeat`, `tf.repeat`."""
    counts = repeats[0] if isinstance(repeats, (list, tuple)) and len(repeats) == 1 else repeats
    return npl.np_repeat(call, first(call, given), counts, axis)


@rule
def ops_pad(call: Call, **given: Any) -> TensorSpec:
    """Each axis grows by its two paddings. Source: `keras.ops.pad`, `tf.pad`."""
    x, widths = first(call, given), list(given.values())[1]
    pairs = isinstance(widths, (list, tuple)) and all(isinstance(w, (list, tuple)) for w in widths)
    if pairs and len(widths) > 1 and len(widths) != call.rank(x):
        call.fail("rank-mismatch", "count", name="pairs of paddings", got=len(widths), want=call.rank(x))
    return npl.np_pad(call, x, widths)


@rule
def ops_concat(call: Call, axis: Any = 0, **given: Any) -> TensorSpec:
    """All axes but `axis` are equal: `"n *s", "m *s" -> "n+m *s"`. Source: `keras.ops.concatenate`, `tf.concat`."""
    out = np_.np_concatenate(call, next(iter(given.values())), axis)
    return TensorSpec(out.shape, floating(out))


@rule
def ops_stack(call: Call, axis: Any = 0, **given: Any) -> TensorSpec:
    """A new axis over tensors of one shape. Source: `keras.ops.stack`, `tf.stack`."""
    out = np_.np_stack(call, next(iter(given.values())), axis)
    return TensorSpec(out.shape, floating(out))


@rule
def ops_join(call: Call, xs: Any) -> TensorSpec:
    """Joined along the first or second axis. Source: `keras.ops.vstack`, `hstack`."""
    join = npl.np_vstack if call.subject.startswith("v") else npl.np_hstack
    return TensorSpec(join(call, xs).shape)


@rule
def ops_unstack(call: Call, num: Any = None, axis: Any = 0, **given: Any) -> list[TensorSpec] | Slices:
    """The rows along an axis, `num` of them. Source: `keras.ops.unstack`, `tf.unstack`."""
    x = first(call, given)
    call.least(x, 1)
    at = call.axis(x, axis)
    if isinstance(num, int):
        call.expect(x, at, num, "num")
        return [TensorSpec((*x.parts[:at], *x.parts[at + 1 :]), x.dtype)] * num
    return joining.listed(joining.unbind(call, x, axis))


@rule
def ops_split(call: Call, x: Any, indices_or_sections: Any, axis: Any = 0) -> list[TensorSpec]:
    """Equal pieces, or pieces between indices. Source: `keras.ops.split`."""
    given = array_like(call, x)
    if isinstance(indices_or_sections, (int, d.Poly)):
        at = call.axis(given, axis)
        call.divides(indices_or_sections, call.at(given, at), given, at, "sections")
    return list(joining.tensor_split(call, given, indices_or_sections, axis))


@rule
def ops_meshgrid(call: Call, indexing: Any = "xy", **given: Any) -> list[TensorSpec]:
    """`"n", "m" -> ["m n", "m n"]`, or `"n m"` with `indexing="ij"`. Source: `keras.ops.meshgrid`, `tf.meshgrid`."""
    tensors = next(iter(given.values()))
    kwargs = given.get("kwargs", {})
    order = kwargs.get("indexing", indexing) if isinstance(kwargs, dict) else indexing
    flat = (np_.np_ravel(call, array_like(call, t)) for t in tensors)
    return list(joining.meshgrid(call, tuple(TensorSpec(t.parts, None) for t in flat), order))


@rule
def ops_slice(call: Call, **given: Any) -> TensorSpec:
    """A block of the given sizes, inside the tensor; -1 is what is left. Source: `keras.ops.slice`, `tf.slice`."""
    x = first(call, given)
    starts, sizes = list(given.values())[1:3]
    if not isinstance(starts, (list, tuple)) or not isinstance(sizes, (list, tuple)):
        raise Unclear("the block is not known")
    rank = call.rank(x)
    if len(sizes) != rank or len(starts) != rank:
        call.fail("rank-mismatch", "count", name="sizes", got=len(sizes), want=rank)
    out = []
    for i, (start, size) in enumerate(zip(starts, sizes, strict=True)):
        left = call.at(x, i) - call.size(start)
        out.append(left if isinstance(size, int) and size == -1 else call.size(size))
        over = out[-1] - left
        if isinstance(over, int) and over > 0:
            call.wrong(f"the size at axis {i}", out[-1], left)
    return TensorSpec(out, x.dtype)


# -- picking ----------------------------------------------------------------------------------------------------------


@rule
def ops_take(call: Call, indices: Any, axis: Any = None, **given: Any) -> TensorSpec:
    """The axis is replaced by those of the indices; without one, all elements count. Source: `keras.ops.take`."""
    x, at = first(call, given), array_like(call, indices)
    if axis is None:
        return TensorSpec(at.shape, x.dtype)
    call.least(x, 1)
    i = call.axis(x, axis)
    return TensorSpec((*x.parts[:i], *at.parts, *x.parts[i + 1 :]), x.dtype)


@rule
def ops_take_along(call: Call, x: Any, indices: Any, axis: Any = None) -> TensorSpec:
    """The shape of the indices, the other axes broadcast. Source: `keras.ops.take_along_axis`."""
    values, picks = array_like(call, x), array_like(call, indices)
    if axis is None:
        raise Unclear("all elements on one axis")
    call.rank(picks, call.rank(values))
    i = call.axis(values, axis)
    others = [TensorSpec(replaced(t.parts, i, 1), None, t.label) for t in (values, picks)]
    return TensorSpec(replaced(call.broadcast(*others), i, call.at(picks, i)), values.dtype)


@rule
def ops_one_hot(call: Call, axis: Any = -1, dtype: Any = None, **given: Any) -> TensorSpec:
    """A new axis with one place for each class. Source: `keras.ops.one_hot`, `tf.one_hot`."""
    x, classes = first(call, given), list(given.values())[1]
    at = call.axis(x, -1 if axis is None else axis, 1)
    return TensorSpec((*x.parts[:at], call.size(classes), *x.parts[at:]), stated(dtype))


@rule
def ops_scatter(call: Call, shape: Any, **given: Any) -> TensorSpec:
    """`"*n k", "*n *rest" -> "*shape"`. Source: `keras.ops.scatter`, `tf.scatter_nd`."""
    if not given:
        raise Unclear("no indices")
    sizes = np_.array_shape(call, shape)
    return TensorSpec(sizes)


@rule
def ops_segments(call: Call, num_segments: Any = None, **given: Any) -> TensorSpec:
    """`"n *s", "n" -> "num_segments *s"`. Source: `keras.ops.segment_sum`, `tf.math.unsorted_segment_sum`."""
    x, ids = first(call, given), array_like(call, list(given.values())[1])
    call.least(x, 1)
    call.match(x, 0, ids, 0)
    call.rank(x)
    rows = d.unknown("the number of segments") if num_segments is None else call.size(num_segments)
    return TensorSpec((rows, *x.parts[1:]), x.dtype)


# -- making -----------------------------------------------------------------------------------------------------------


@rule
def ops_filled(call: Call, dtype: Any = None, **given: Any) -> TensorSpec:
    """The given shape. Source: `keras.ops.zeros`, `tf.fill`, `tf.random.normal`, ... ."""
    return TensorSpec(np_.array_shape(call, next(iter(given.values()))), stated(dtype))


@rule
def ops_eye(call: Call, dtype: Any = None, batch_shape: Any = None, **given: Any) -> TensorSpec:
    """`"n m"`, behind a batch. Source: `keras.ops.eye`, `tf.eye`."""
    rows, *more = given.values()
    lead = () if batch_shape is None else call.sizes(batch_shape)
    columns = more[0] if more and more[0] is not None else rows
    return TensorSpec((*lead, call.size(rows), call.size(columns)), stated(dtype))


@rule
def ops_range(call: Call, dtype: Any = None, **given: Any) -> TensorSpec:
    """`"(stop-start)/step"` rounded up. Source: `keras.ops.arange`, `tf.range`."""
    start, stop, step = [*given.values()][:3]
    return TensorSpec(np_.np_arange(call, start, stop, 1 if step is None else step).shape, stated(dtype))


@rule
def ops_linspace(call: Call, start: Any, stop: Any, num: Any, dtype: Any = None) -> TensorSpec:
    """`"num"`. Source: `keras.ops.linspace`, `tf.linspace`."""
    return TensorSpec(np_.np_linspace(call, start, stop, num).shape, stated(dtype))


# -- matrices ---------------------------------------------------------------------------------------------------------


@rule
def ops_matmul(call: Call, x1: Any, x2: Any) -> TensorSpec:
    """`"*b n k", "*b k m" -> "*b n m"`. Source: `keras.ops.matmul`."""
    out = np_.np_matmul(call, x1, x2)
    return TensorSpec(out.shape, floating(out))


@rule
def ops_dot(call: Call, x1: Any, x2: Any) -> TensorSpec:
    """`"*s k", "*t k m" -> "*s *t m"`. Source: `keras.ops.dot`."""
    out = np_.np_dot(call, x1, x2)
    return TensorSpec(out.shape, floating(out))


@rule
def ops_outer(call: Call, x1: Any, x2: Any) -> TensorSpec:
    """`"n", "m" -> "n m"` of all elements. Source: `keras.ops.outer`."""
    return TensorSpec(npl.np_outer(call, x1, x2).shape)


@rule
def ops_inner(call: Call, x1: Any, x2: Any) -> TensorSpec:
    """`"*s k", "*t k" -> "*s *t"`. Source: `keras.ops.inner`."""
    a, b = array_like(call, x1), array_like(call, x2)
    if call.rank(a) == 0 or call.rank(b) == 0:
        return ops_broadcast(call, x1=x1, x2=x2)
    call.match(a, -1, b, -1)
    return TensorSpec((*a.parts[:-1], *b.parts[:-1]))


@rule
def ops_tensordot(call: Call, axes: Any = 2, **given: Any) -> TensorSpec:
    """Summed over axes of both. Source: `keras.ops.tensordot`, `tf.tensordot`."""
    a, b = (array_like(call, v) for v in list(given.values())[:2])
    pairs = (
        tuple(v if isinstance(v, (list, tuple)) else (v,) for v in axes) if isinstance(axes, (list, tuple)) else axes
    )
    one, two = (TensorSpec(t.parts, None, t.label) for t in (a, b))
    return TensorSpec(linear.tensordot(call, one, two, pairs).shape)


@rule
def ops_einsum(call: Call, **given: Any) -> TensorSpec:
    """Letters are sizes: `"b i k, b k j -> b i j"`. Source: `keras.ops.einsum`, `tf.einsum`."""
    equation, operands = list(given.values())[:2]
    return TensorSpec(einsum(call, (equation, *(promoted(call, v) for v in operands))).shape)


@rule
def ops_norm(call: Call, axis: Any = None, keepdims: Any = False, **given: Any) -> TensorSpec:
    """Without the named axes. Source: `keras.ops.norm`, `tf.norm`."""
    return ops_reduce(call, axis, keepdims, **given)


@rule
def ops_triangle(call: Call, **given: Any) -> TensorSpec:
    """`"*b n m" -> "*b n m"`. Source: `keras.ops.tril`, `tf.linalg.band_part`."""
    x = first(call, given)
    call.least(x, 2)
    return TensorSpec(x.shape, x.dtype)


@rule
def ops_diag(call: Call, x: Any, k: Any = 0) -> TensorSpec:
    """`"n" -> "n n"`, `"m n" -> "min(m,n)"`. Source: `keras.ops.diag`."""
    return diagonals.diag(call, array_like(call, x), k)


@rule
def ops_diagonal(call: Call, x: Any, offset: Any = 0, axis1: Any = 0, axis2: Any = 1) -> TensorSpec:
    """Two axes become one, last. Source: `keras.ops.diagonal`."""
    return diagonals.diagonal(call, array_like(call, x), offset, axis1, axis2)


@rule
def ops_trace(call: Call, x: Any, axis1: Any = 0, axis2: Any = 1) -> TensorSpec:
    """Without two axes. Source: `keras.ops.trace`."""
    return TensorSpec(diagonals.diagonal(call, array_like(call, x), 0, axis1, axis2).parts[:-1])


def _square(call: Call, given: Given) -> TensorSpec:
    x = first(call, given)
    call.least(x, 2)
    call.equal_axes(x, -2, -1)
    return x


@rule
def ops_square(call: Call, **given: Any) -> TensorSpec:
    """`"*b n n" -> "*b n n"`. Source: `keras.ops.inv`, `tf.linalg.cholesky`."""
    x = _square(call, given)
    return TensorSpec(x.shape, floating(x))


@rule
def ops_determinant(call: Call, **given: Any) -> TensorSpec:
    """`"*b n n" -> "*b"`. Source: `keras.ops.det`, `tf.linalg.det`."""
    x = _square(call, given)
    return TensorSpec(call.lead(x, 2), floating(x))


@rule
def ops_eigh(call: Call, **given: Any) -> tuple[TensorSpec, TensorSpec]:
    """`"*b n n" -> "*b n", "*b n n"`. Source: `keras.ops.eigh`, `tf.linalg.eigh`."""
    x = _square(call, given)
    return TensorSpec(x.parts[:-1]), TensorSpec(x.parts)


@rule
def ops_solve(call: Call, **given: Any) -> TensorSpec:
    """`"*b n n", "*b n m" -> "*b n m"`. Source: `keras.ops.solve`, `tf.linalg.solve`."""
    a, b = _square(call, given), array_like(call, list(given.values())[1])
    rank = call.rank(a)
    call.rank(b, rank, rank - 1)
    call.match(a, -1, b, -2 if b.rank == rank else -1)
    for i in range(rank - 2):
        call.match(a, i, b, i)
    return TensorSpec(b.shape, floating(b))


@rule
def ops_shape(call: Call, x: Any) -> tuple[Any, ...]:
    """The sizes as ints. Source: `keras.ops.shape`."""
    given = array_like(call, x)
    call.rank(given)
    return given.parts
