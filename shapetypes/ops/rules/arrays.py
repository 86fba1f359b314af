"""NumPy's common functions on arrays."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim, Poly
from shapetypes.core.dtype import BOOLS, FLOATS, INTS, UINTS, as_set, canonical, category, promote
from shapetypes.core.fault import ShapeError
from shapetypes.core.shape import UNIT, TensorSpec, Unknown, Var
from shapetypes.ops.call import Call, Unclear, replaced, rule
from shapetypes.ops.rules.layout import reshaped
from shapetypes.ops.rules.reduce import cut, mapped

DTypeLike = str | frozenset[str] | None


def _dtype(given: Any, otherwise: DTypeLike) -> DTypeLike:
    if given is None:
        return otherwise
    return canonical(given) if isinstance(given, str) else None


def _together(*tensors: TensorSpec) -> DTypeLike:
    """The common dtype where NumPy and torch agree: within one kind of numbers, or with bools."""
    names = [as_set(t.dtype) for t in tensors]
    kinds = {category(n) for group in names if group for n in group} - {0}
    return None if None in names or len(kinds) > 1 else promote(*(t.dtype for t in tensors))


def array_shape(call: Call, shape: Any) -> tuple[Any, ...]:
    """A `shape` argument: one size or several (elements).

    Raises:
        Unclear: it is a tensor of unknown length.
    """
    if isinstance(shape, TensorSpec) and shape.rank != 0:
        if shape.rank != 1 or not isinstance(shape.parts[0], int):
            raise Unclear("the shape is a tensor")
        return tuple(d.unknown("a size in a tensor") for _ in range(shape.parts[0]))
    return call.sizes(shape if isinstance(shape, (list, tuple)) else (shape,))


def array_like(call: Call, value: Any) -> TensorSpec:
    """An array-like: an array, a number, or nested sequences of them."""
    if isinstance(value, (list, tuple)):
        return _nested(call, value)
    if isinstance(value, bool):
        return TensorSpec((), "bool")
    if isinstance(value, int):
        return TensorSpec((), "int64")
    if isinstance(value, float):
        return TensorSpec((), "float64")
    return call.tensor(value)


def promoted(call: Call, value: Any) -> TensorSpec:
    """The value as an array whose dtype does not matter: operands of several are promoted."""
    x = array_like(call, value)
    return TensorSpec(x.shape, None, x.label)


def _nested(call: Call, values: list[Any] | tuple[Any, ...]) -> TensorSpec:
    items = [array_like(call, v) for v in values]
    if any(isinstance(v, Var) for v in values):
        raise Unclear("the number of items is not known")
    if not items:
        return TensorSpec((0,), "float64")
    for other in items[1:]:
        call.same_shape(items[0], other)
    return TensorSpec((len(items), *items[0].parts), _together(*items))


@rule
def np_filled(call: Call, shape: Any, dtype: Any = None) -> TensorSpec:
    """The given shape, float64. Source: `numpy.zeros`, `ones`, `empty`."""
    return TensorSpec(array_shape(call, shape), _dtype(dtype, "float64"))


@rule
def np_full(call: Call, shape: Any, fill_value: Any, dtype: Any = None) -> TensorSpec:
    """The given shape, to which the value must broadcast. Source: `numpy.full`."""
    sizes = array_shape(call, shape)
    value = array_like(call, fill_value)
    call.expand_to(value, sizes)
    return TensorSpec(sizes, _dtype(dtype, value.dtype))


@rule
def np_like(call: Call, a: Any, dtype: Any = None, shape: Any = None) -> TensorSpec:
    """`"*s" -> "*s"`. Source: `numpy.zeros_like`, `ones_like`, `full_like`."""
    x = array_like(call, a)
    return TensorSpec(x.parts if shape is None else array_shape(call, shape), _dtype(dtype, x.dtype))


@rule
def np_empty_like(call: Call, prototype: Any, dtype: Any = None, shape: Any = None) -> TensorSpec:
    """`"*s" -> "*s"`. Source: `numpy.empty_like`."""
    return np_like(call, prototype, dtype, shape)


@rule
def np_window(call: Call, M: Any) -> TensorSpec:  # noqa: N803
    """`"M"`. Source: `numpy.hanning`, `hamming`, `blackman`, ... ."""
    return TensorSpec((call.size(M),), "float64")


@rule
def np_eye(call: Call, N: Any, M: Any = None, dtype: Any = None) -> TensorSpec:  # noqa: N803
    """`"N M"`. Source: `numpy.eye`."""
    rows = call.size(N)
    return TensorSpec((rows, rows if M is None else call.size(M)), _dtype(dtype, "float64"))


@rule
def np_identity(call: Call, n: Any, dtype: Any = None) -> TensorSpec:
    """`"n n"`. Source: `numpy.identity`."""
    return np_eye(call, n, None, dtype)


@rule
def np_arange(call: Call, start_or_stop: Any, stop: Any = None, step: Any = 1, dtype: Any = None) -> TensorSpec:
    """`"(stop-start)/step"` rounded up; of sizes known as ints. Source: `numpy.arange`."""
    start, stop = (0, start_or_stop) if stop is None else (start_or_stop, stop)
    values = (start, stop, step)
    kind = "float64" if any(isinstance(v, float) for v in values) else "int64"
    dtype = _dtype(dtype, None if any(isinstance(v, Unknown) for v in values) else kind)
    return TensorSpec((_count(start, stop, step),), dtype)


def _count(start: Any, stop: Any, step: Any) -> Dim:
    if not all(isinstance(v, (int, d.Poly)) and not isinstance(v, bool) for v in (start, stop, step)):
        return d.unknown("arange")
    if isinstance(start, int) and isinstance(stop, int) and isinstance(step, int) and step:
        return max(-((start - stop) // step), 0)
    return stop - start if step == 1 else d.unknown("arange")


@rule
def np_linspace(call: Call, start: Any, stop: Any, num: Any = 50, dtype: Any = None) -> TensorSpec:
    """`"num"`. Source: `numpy.linspace`."""
    if isinstance(start, (TensorSpec, list, tuple)) or isinstance(stop, (TensorSpec, list, tuple)):
        raise Unclear("linspace of arrays")
    return TensorSpec((call.size(num),), _dtype(dtype, "float64"))


@rule
def np_array(call: Call, object: Any, dtype: Any = None) -> TensorSpec:
    """The shape of nested sequences, which must be even but for objects. Source: `numpy.array`."""
    try:
        x = array_like(call, object)
    except ShapeError:
        if isinstance(dtype, Unknown):
            raise Unclear("an array of what may be objects") from None
        raise
    return TensorSpec(x.parts, _dtype(dtype, x.dtype))


@rule
def np_asarray(call: Call, a: Any, dtype: Any = None) -> TensorSpec:
    """The shape of nested sequences, which must be even. Source: `numpy.asarray`."""
    return np_array(call, a, dtype)


@rule
def np_concatenate(call: Call, arrays: Any, axis: Any = 0, dtype: Any = None) -> TensorSpec:
    """All axes but `axis` are equal: `"n *s", "m *s" -> "n+m *s"`. Source: `numpy.concatenate`."""
    if isinstance(arrays, (list, tuple)) and any(isinstance(v, (int, float, Poly)) for v in arrays):
        raise Unclear("a number among arrays")  # of a wrong annotation, most likely
    items = [array_like(call, v) for v in arrays] if isinstance(arrays, (list, tuple)) else call.tensors(arrays)
    if not items:
        raise Unclear("no arrays")
    first, rank = items[0], call.rank(items[0])
    at = None if axis is None else call.axis(first, axis)
    if rank == 0 and at is not None:
        call.fail("rank-mismatch", "rank", argument=first.label or None, got=first.shape, want=(1,), detail="least")
    total: Dim = 0
    for x in items:
        call.rank(x, *([] if at is None else [rank]))
        for i in range(rank if at is not None else 0):
            if i != at:
                call.match(first, i, x, i)
        total = total + (d.product(x.parts) if at is None else call.at(x, at))  # type: ignore[arg-type]
    return TensorSpec((total,) if at is None else replaced(first.parts, at, total), _dtype(dtype, _together(*items)))


@rule
def np_stack(call: Call, arrays: Any, axis: Any = 0, dtype: Any = None) -> TensorSpec:
    """A new axis over arrays of one shape. Source: `numpy.stack`."""
    items = [array_like(call, v) for v in arrays] if isinstance(arrays, (list, tuple)) else call.tensors(arrays)
    if not items:
        raise Unclear("no arrays")
    for other in items[1:]:
        call.same_shape(items[0], other)
    at = call.axis(items[0], axis, 1)
    parts = items[0].parts
    return TensorSpec((*parts[:at], len(items), *parts[at:]), _dtype(dtype, _together(*items)))


@rule
def np_reshape(call: Call, a: Any, shape: Any) -> TensorSpec:
    """As many elements in another shape; one size may be -1. Source: `numpy.reshape`."""
    x, sizes = array_like(call, a), array_shape(call, shape)
    free = [i for i, s in enumerate(sizes) if isinstance(s, int) and s < 0]
    if len(free) > 1 or any(isinstance(s, Var) for s in sizes):
        raise Unclear("several sizes are left to be found")
    if x.rank is None:
        return x.with_shape(replaced(sizes, free[0], d.unknown("reshape")) if free else sizes)
    return x.with_shape(reshaped(call, x, x.parts, sizes))


@rule
def np_transpose(call: Call, a: Any, axes: Any = None) -> TensorSpec:
    """The axes in the given order, or reversed. Source: `numpy.transpose`."""
    x = array_like(call, a)
    if axes is None:
        return x.with_shape(tuple(reversed(x.parts)))
    order = call.axes(x, axes)
    if len(order) != call.rank(x):
        call.fail("rank-mismatch", "count", argument="axes", name="axes", got=len(order), want=call.rank(x))
    return x.with_shape(tuple(x.parts[i] for i in order))


@rule
def np_swapaxes(call: Call, a: Any, axis1: Any, axis2: Any) -> TensorSpec:
    """Two axes exchanged. Source: `numpy.swapaxes`."""
    x = array_like(call, a)
    i, j = _strict_axis(call, x, axis1), _strict_axis(call, x, axis2)
    parts = list(x.parts)
    parts[i], parts[j] = parts[j], parts[i]
    return x.with_shape(parts)


def _strict_axis(call: Call, x: TensorSpec, axis: Any) -> int:
    """An axis; NumPy's scalars have none."""
    call.least(x, 1)
    return call.axis(x, axis)


@rule
def np_expand_dims(call: Call, a: Any, axis: Any) -> TensorSpec:
    """A new axis of size 1. Source: `numpy.expand_dims`."""
    x = array_like(call, a)
    if isinstance(axis, (list, tuple)):
        raise Unclear("several new axes")
    at = call.axis(x, axis, 1)
    return x.with_shape((*x.parts[:at], UNIT, *x.parts[at:]))


@rule
def np_squeeze(call: Call, a: Any, axis: Any = None) -> TensorSpec:
    """Axes of size 1 go; a named one must have it. Source: `numpy.squeeze`."""
    x = array_like(call, a)
    call.rank(x)
    if axis is None:
        if any(d.is_unknown(p) for p in x.parts if isinstance(p, d.Poly)):
            raise Unclear("sizes that may be 1")
        return x.with_shape(tuple(p for p in x.parts if p != 1))
    gone = call.axes(x, axis)
    for i in gone:
        call.expect(x, i, 1)
    return x.with_shape(tuple(p for i, p in enumerate(x.parts) if i not in gone))


@rule
def np_ravel(call: Call, a: Any) -> TensorSpec:
    """`"*s" -> "n"`. Source: `numpy.ravel`."""
    x = array_like(call, a)
    count = call.elements(x)
    return x.with_shape((d.unknown("elements") if count is None else count,))


@rule
def np_elementwise(call: Call, x1: Any, x2: Any) -> TensorSpec:
    """Both broadcast; a Python number takes the array's dtype. Source: `numpy.add`, `maximum`, ... (NEP 50)."""
    a, b = array_like(call, x1), array_like(call, x2)
    return TensorSpec(call.broadcast(a, b), _common(a, x1, b, x2))


def _common(a: TensorSpec, x1: Any, b: TensorSpec, x2: Any) -> DTypeLike:
    for array, other in ((a, x2), (b, x1)):
        if isinstance(other, (float, Poly)) or type(other) is int:
            names = as_set(array.dtype)
            same = FLOATS if isinstance(other, float) else FLOATS | INTS | UINTS
            return array.dtype if array.rank and names is not None and names <= same else None
    return _together(a, b) if a.rank and b.rank else None


@rule
def np_comparison(call: Call, x1: Any, x2: Any) -> TensorSpec:
    """Both broadcast, bool. Source: `numpy.equal`, `less`, ... ."""
    return TensorSpec(call.broadcast(array_like(call, x1), array_like(call, x2)), "bool")


@rule
def np_divide(call: Call, x1: Any, x2: Any) -> TensorSpec:
    """Both broadcast, a floating result. Source: `numpy.divide`."""
    out = np_elementwise(call, x1, x2)
    names = as_set(out.dtype)
    return out if names is None or names <= FLOATS else TensorSpec(out.shape, None)


@rule
def np_function(call: Call, x: Any) -> TensorSpec:
    """`"*s" -> "*s"`, floating dtypes stay. Source: `numpy.exp`, `sqrt`, ... ."""
    a = array_like(call, x)
    names = as_set(a.dtype)
    return TensorSpec(a.parts, a.dtype if names is not None and names <= FLOATS else None)


@rule
def np_same(call: Call, x: Any) -> TensorSpec:
    """`"*s" -> "*s"` in the same dtype. Source: `numpy.abs`, `negative`, `sign`."""
    a = array_like(call, x)
    return a.with_shape(a.parts)


@rule
def np_where(call: Call, condition: Any, x: Any = None, y: Any = None) -> TensorSpec:
    """All three broadcast. Source: `numpy.where`."""
    if x is None or y is None:
        raise Unclear("the number of true values is not known")
    c, a, b = (array_like(call, v) for v in (condition, x, y))
    return TensorSpec(call.broadcast(c, a, b), _together(a, b) if a.rank and b.rank else None)


@rule
def np_sum(call: Call, a: Any, axis: Any = None, dtype: Any = None, keepdims: Any = False) -> TensorSpec:
    """Without the named axes; ints become int64. Source: `numpy.sum`, `prod`."""
    x = array_like(call, a)
    return TensorSpec(cut(call, x, axis, keepdims), _dtype(dtype, _wide(x)))


def _wide(x: TensorSpec) -> DTypeLike:
    return mapped(x.dtype, lambda n: "int64" if n in BOOLS | INTS else "uint64" if n in UINTS else n)


@rule
def np_mean(call: Call, a: Any, axis: Any = None, dtype: Any = None, keepdims: Any = False) -> TensorSpec:
    """Without the named axes; ints become float64. Source: `numpy.mean`, `std`, `var`."""
    x = array_like(call, a)
    wide = mapped(x.dtype, lambda n: n if n in FLOATS or n.startswith("complex") else "float64")
    names = as_set(wide)
    real = wide if names is not None and names <= FLOATS else None
    if axis is not None and not isinstance(axis, Unknown):
        call.least(x, 1)  # unlike a sum, a mean over axis 0 of a scalar is refused
    return TensorSpec(cut(call, x, axis, keepdims), _dtype(dtype, real))


@rule
def np_max(call: Call, a: Any, axis: Any = None, keepdims: Any = False) -> TensorSpec:
    """Without the named axes. Source: `numpy.max`, `min`."""
    x = array_like(call, a)
    return TensorSpec(cut(call, x, axis, keepdims), x.dtype)


@rule
def np_argmax(call: Call, a: Any, axis: Any = None, keepdims: Any = False) -> TensorSpec:
    """Without the named axis, int64. Source: `numpy.argmax`, `argmin`."""
    return TensorSpec(cut(call, array_like(call, a), axis, keepdims), "int64")


@rule
def np_any(call: Call, a: Any, axis: Any = None, keepdims: Any = False) -> TensorSpec:
    """Without the named axes, bool. Source: `numpy.any`, `all`."""
    return TensorSpec(cut(call, array_like(call, a), axis, keepdims), "bool")


@rule
def np_cumsum(call: Call, a: Any, axis: Any = None, dtype: Any = None) -> TensorSpec:
    """`"*s" -> "*s"`, or all elements on one axis. Source: `numpy.cumsum`, `cumprod`."""
    given = array_like(call, a)
    x = TensorSpec(given.parts, _dtype(dtype, _wide(given)), given.label)
    if axis is None:
        return np_ravel(call, x)
    _strict_axis(call, x, axis)
    return x


@rule
def np_sorted(call: Call, a: Any, axis: Any = -1) -> TensorSpec:
    """`"*s" -> "*s"`. Source: `numpy.sort`."""
    x = array_like(call, a)
    if axis is None:
        return np_ravel(call, x)
    _strict_axis(call, x, axis)
    return x.with_shape(x.parts)


@rule
def np_unique(
    call: Call, ar: Any, return_index: Any = False, return_inverse: Any = False, return_counts: Any = False,
    axis: Any = None,
) -> TensorSpec:  # fmt: skip
    """`"*s" -> "?"`, none of none; along an axis, or with indices, not known. Source: `numpy.unique`."""
    if axis is not None or any(flag is not False for flag in (return_index, return_inverse, return_counts)):
        raise Unclear("unique with indices or along an axis")
    x = array_like(call, ar)
    count = 0 if x.rank is not None and 0 in x.parts else d.unknown("how many different values there are")
    return TensorSpec((count,), x.dtype)


@rule
def np_argsort(call: Call, a: Any, axis: Any = -1) -> TensorSpec:
    """`"*s" -> "*s"`, int64. Source: `numpy.argsort`."""
    x = array_like(call, a)
    if x.rank == 0 and axis in (-1, 0, None):
        return TensorSpec((1,), "int64")
    return TensorSpec(np_sorted(call, x, axis).shape, "int64")


@rule
def np_astype(call: Call, self: TensorSpec, dtype: Any) -> TensorSpec:
    """`"*s" -> "*s"`. Source: `ndarray.astype`."""
    return TensorSpec(self.parts, _dtype(dtype, None))


@rule
def np_reshape_method(call: Call, self: TensorSpec, shape: Any) -> TensorSpec:
    """As `reshape`, with the sizes one by one or as a tuple. Source: `ndarray.reshape`."""
    return np_reshape(call, self, shape[0] if len(shape) == 1 else shape)


@rule
def np_transpose_method(call: Call, self: TensorSpec, axes: Any = ()) -> TensorSpec:
    """As `transpose`, with the axes one by one or as a tuple. Source: `ndarray.transpose`."""
    return np_transpose(call, self, (axes[0] if len(axes) == 1 else axes) or None)


@rule
def np_broadcast_to(call: Call, array: Any, shape: Any) -> TensorSpec:
    """The given shape, to which the array must broadcast. Source: `numpy.broadcast_to`."""
    x, sizes = array_like(call, array), array_shape(call, shape)
    call.expand_to(x, sizes)
    return x.with_shape(sizes)


@rule
def np_matmul(call: Call, x1: Any, x2: Any) -> TensorSpec:
    """`"*b n k", "*b k m" -> "*b n m"`. Source: `numpy.matmul`."""
    a, b = array_like(call, x1), array_like(call, x2)
    call.least(a, 1)
    call.least(b, 1)
    call.match(a, -1, b, -2 if b.rank != 1 else -1)
    left, right = call.rank(a), call.rank(b)
    batch = call.broadcast(TensorSpec(a.parts[:-2], None, a.label), TensorSpec(b.parts[:-2], None, b.label))
    rows = a.parts[-2:-1] if left > 1 else ()
    columns = b.parts[-1:] if right > 1 else ()
    return TensorSpec((*batch, *rows, *columns), _together(a, b))


@rule
def np_dot(call: Call, a: Any, b: Any) -> TensorSpec:
    """`"*s k", "*t k m" -> "*s *t m"`; with a scalar element by element. Source: `numpy.dot`."""
    x, y = array_like(call, a), array_like(call, b)
    if call.rank(x) == 0 or call.rank(y) == 0:
        return np_elementwise(call, x, y)
    call.match(x, -1, y, -2 if y.rank != 1 else -1)
    rest = y.parts[:-2] + y.parts[-1:] if y.rank != 1 else ()
    return TensorSpec((*x.parts[:-1], *rest), _together(x, y))


@rule
def np_copy(call: Call, self: TensorSpec) -> TensorSpec:
    """`"*s" -> "*s"`. Source: `ndarray.copy`."""
    return self.with_shape(self.parts)
