"""New tensors: from sizes, from numbers, from other tensors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim, Poly
from shapetypes.core.dtype import promote_names
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.promotion import (
    BOOL,
    DEFAULT,
    INT,
    LEGACY,
    AnyDType,
    categories,
    named_dtype,
    number_dtype,
    result_type,
)


def new_shape(call: Call, size: Any) -> tuple[Any, ...]:
    """The sizes of a new tensor, none of which is negative."""
    sizes = call.sizes(size)
    for i, s in enumerate(sizes):
        if isinstance(s, int) and s < 0:
            call.wrong(f"size[{i}]", s, "at least 0")
    return sizes


@rule
def filled_new(call: Call, size: Any, dtype: Any = None) -> TensorSpec:
    """`-> "*size"`. Source: `torch.zeros`, `torch.ones`, `torch.empty`, `torch.rand`."""
    return TensorSpec(new_shape(call, size), named_dtype(dtype, DEFAULT))


@rule
def random_new(call: Call, size: Any, dtype: Any = None) -> TensorSpec:
    """`-> Inexact "*size"`. Source: `torch.rand`, `torch.randn`."""
    out = named_dtype(dtype, DEFAULT)
    if categories(out) <= {BOOL, INT}:
        call.fail("dtype-mismatch", "dtype", got=out, want="Inexact")
    return TensorSpec(new_shape(call, size), out)


@rule
def full(call: Call, size: Any, fill_value: Any, dtype: Any = None) -> TensorSpec:
    """`-> "*size"` with the dtype of the value. Source: `torch.full`."""
    if isinstance(fill_value, TensorSpec):
        if fill_value.rank:
            call.rank(fill_value, 0)
        found: AnyDType = fill_value.dtype
    else:
        found = number_dtype(fill_value)
    return TensorSpec(new_shape(call, size), named_dtype(dtype, found))


@rule
def integers_new(call: Call, high: Any, size: Any, low: Any = 0, dtype: Any = None) -> TensorSpec:
    """`-> Int64 "*size"` of numbers from `low` to below `high`. Source: `torch.randint`."""
    if type(low) is int and type(high) is int and low >= high:
        call.wrong("high", high, f"at least {low + 1}")
    return TensorSpec(new_shape(call, size), named_dtype(dtype, "int64"))


@rule
def permutation(call: Call, n: Any, dtype: Any = None) -> TensorSpec:
    """`-> Int64 "n"`. Source: `torch.randperm`."""
    return TensorSpec(new_shape(call, (n,)), named_dtype(dtype, "int64"))


@rule
def normal_of(call: Call, mean: Any, std: Any = 1.0) -> TensorSpec:
    """`"*#b", "*#b" -> "*b"`. Source: `torch.normal` of tensors."""
    tensors = [t for t in (mean, std) if isinstance(t, TensorSpec)]
    return TensorSpec(call.broadcast(*tensors), result_type(*tensors))


@rule
def new_from(call: Call, self: TensorSpec, size: Any, dtype: Any = None) -> TensorSpec:
    """`"..." -> "*size"` of the same dtype. Source: `torch.Tensor.new_zeros`."""
    return TensorSpec(new_shape(call, size), named_dtype(dtype, self.dtype))


@rule
def new_strided(call: Call, self: TensorSpec, size: Any, stride: Any, dtype: Any = None) -> TensorSpec:
    """`"..." -> "*size"` with one stride an axis. Source: `torch.Tensor.new_empty_strided`."""
    return TensorSpec(_with_strides(call, size, stride), named_dtype(dtype, self.dtype))


@rule
def scalar_new(call: Call, s: Any, dtype: Any = None) -> TensorSpec:
    """`-> ""`. Source: `torch.scalar_tensor`."""
    del call, s
    return TensorSpec((), named_dtype(dtype, DEFAULT))


@rule
def resized_(call: Call, self: TensorSpec, size: Any) -> TensorSpec:
    """`"..." -> "*size"`. Source: `torch.Tensor.resize_`."""
    return TensorSpec(new_shape(call, size), self.dtype)


@rule
def strided(call: Call, size: Any, stride: Any, dtype: Any = None) -> TensorSpec:
    """`-> "*size"` with one stride an axis. Source: `torch.empty_strided`."""
    return TensorSpec(_with_strides(call, size, stride), named_dtype(dtype, DEFAULT))


def _with_strides(call: Call, size: Any, stride: Any) -> tuple[Any, ...]:
    sizes, strides = new_shape(call, size), call.sizes(stride)
    if len(sizes) != len(strides) and not any(isinstance(s, Var) for s in (*sizes, *strides)):
        call.fail("rank-mismatch", "count", name="strides", got=len(strides), want=len(sizes))
    return sizes


@rule
def as_strided(call: Call, input: TensorSpec, size: Any, stride: Any) -> TensorSpec:
    """`"..." -> "*size"`. Source: `torch.as_strided`."""
    return TensorSpec(_with_strides(call, size, stride), input.dtype)


@rule
def empty_permuted(call: Call, size: Any, physical_layout: Any, dtype: Any = None) -> TensorSpec:
    """`-> "*size"`; the layout names every axis once. Source: `torch.empty_permuted`."""
    shape = TensorSpec(new_shape(call, size), named_dtype(dtype, DEFAULT))
    known = isinstance(physical_layout, (list, tuple)) and shape.rank is not None
    if known and len(call.axes(shape, physical_layout)) != shape.rank:
        call.fail("rank-mismatch", "count", name="axes", got=len(physical_layout), want=shape.rank)
    return shape


# -- sequences of numbers ----------------------------------------------------------------------------------------------


@rule
def arange(call: Call, end: Any, start: Any = 0, step: Any = 1, dtype: Any = None) -> TensorSpec:
    """`-> "ceil((end-start)/step)"`. Source: `torch.arange`."""
    given = (start, end, step)
    if any(isinstance(v, TensorSpec) and v.rank for v in given):
        raise Unclear("a bound is not a number")
    kinds = [number_dtype(v) or (v.dtype if isinstance(v, TensorSpec) else None) for v in given]
    found: AnyDType = None
    if None not in kinds:
        of = [categories(k) for k in kinds]
        fractional = any(not c & {INT, BOOL} for c in of)
        whole = all(c <= {INT, BOOL} for c in of)
        found = DEFAULT if fractional else "int64" if whole else frozenset({"int64", DEFAULT})
    return TensorSpec((_steps(call, start, end, step),), named_dtype(dtype, found))


def _steps(call: Call, start: Any, end: Any, step: Any) -> Dim:
    values = [call.judge.reduce(v) if isinstance(v, Poly) else v for v in (start, end, step)]
    if not all(isinstance(v, (int, float, Poly)) for v in values):
        return d.unknown("a number of steps")
    first, last, by = values
    if by == 0:
        call.wrong("step", 0, "not 0")
    if isinstance(first, Poly) or isinstance(last, Poly) or isinstance(by, Poly):
        return _symbolic_steps(first, last, by)
    if (last - first) * by < 0:
        call.wrong("end", last, f"at {'least' if by > 0 else 'most'} {first}")
    return (
        math.ceil((last - first) / by)
        if isinstance(last - first, float) or isinstance(by, float)
        else -(-(last - first) // by)
    )


def _symbolic_steps(first: Any, last: Any, by: Any) -> Dim:
    if any(isinstance(v, float) for v in (first, last, by)):
        return d.unknown("a number of steps")
    gap = last - first
    if isinstance(by, int) and by < 0:
        gap, by = -1 * gap, -by
    if isinstance(gap, Poly) and all(c < 0 for m, c in gap.terms if m):
        return d.unknown("a number of steps")
    return gap if by == 1 else d.floordiv(gap + by - 1, by)


@rule
def range_closed(call: Call, end: Any, start: Any = 0, step: Any = 1, dtype: Any = None) -> TensorSpec:
    """`-> "(end-start)//step+1"`. Source: `torch.range`."""
    del call
    if all(isinstance(v, (int, float)) for v in (start, end, step)) and step:
        return TensorSpec((math.floor((end - start) / step) + 1,), named_dtype(dtype, DEFAULT))
    return TensorSpec((d.unknown("a number of steps"),), named_dtype(dtype, DEFAULT))


@rule
def linspace(call: Call, start: Any, end: Any, steps: Any, dtype: Any = None) -> TensorSpec:
    """`-> Inexact "steps"`. Source: `torch.linspace`, `torch.logspace`."""
    count = call.size(steps)
    if isinstance(count, int) and count < 0:
        call.wrong("steps", count, "at least 0")
    for bound in (start, end):
        if isinstance(bound, TensorSpec) and bound.rank:
            call.rank(bound, 0)
    kinds = [number_dtype(v) or (v.dtype if isinstance(v, TensorSpec) else None) for v in (start, end)]
    known = None if None in kinds else "complex64" if any(categories(k) == {3} for k in kinds) else DEFAULT
    return TensorSpec((count,), named_dtype(dtype, known))


@rule
def eye(call: Call, n: Any, m: Any = None, dtype: Any = None) -> TensorSpec:
    """`-> "n m"`, `m` is `n` by default. Source: `torch.eye`."""
    return TensorSpec(new_shape(call, (n, n if m is None else m)), named_dtype(dtype, DEFAULT))


@rule
def window(call: Call, window_length: Any, dtype: Any = None) -> TensorSpec:
    """`-> Float "window_length"`. Source: `torch.hann_window`."""
    return TensorSpec(new_shape(call, (window_length,)), named_dtype(dtype, DEFAULT))


@rule
def window_of(call: Call, M: Any, dtype: Any = None) -> TensorSpec:  # noqa: N803  torch calls it so
    """`-> Float "M"`. Source: `torch.signal.windows`."""
    return TensorSpec(new_shape(call, (M,)), named_dtype(dtype, DEFAULT))


# -- from data ---------------------------------------------------------------------------------------------------------


@rule
def from_data(call: Call, data: Any, dtype: Any = None) -> TensorSpec:
    """Nested lists of numbers or tensors as one tensor; ragged ones are refused. Source: `torch.tensor`."""
    shape, found = _nested(call, data, top=True)
    return TensorSpec(shape, named_dtype(dtype, found))


@rule
def from_object(call: Call, obj: Any, dtype: Any = None) -> TensorSpec:
    """The same. Source: `torch.asarray`."""
    return from_data(call, obj, dtype)


@rule
def new_tensor(call: Call, self: TensorSpec, data: Any, dtype: Any = None) -> TensorSpec:
    """The same, with the dtype of this tensor for Python numbers. Source: `torch.Tensor.new_tensor`."""
    out = from_data(call, data)
    kept = out.dtype if isinstance(data, TensorSpec) else self.dtype if isinstance(data, (list, tuple)) else None
    return TensorSpec(out.shape, named_dtype(dtype, kept))


@rule
def legacy(call: Call, cls: Any, args: tuple[Any, ...] = ()) -> TensorSpec:
    """Sizes `-> "*size"`, or nested lists of numbers. Source: `torch.Tensor`, `torch.FloatTensor`, ... ."""
    return _legacy(call, args, LEGACY.get(cls.name))


@rule
def legacy_new(call: Call, cls: TensorSpec, args: tuple[Any, ...] = ()) -> TensorSpec:
    """The same, with the dtype of this tensor. Source: `torch.Tensor.new`."""
    return _legacy(call, args, cls.dtype)


def _legacy(call: Call, data: tuple[Any, ...], dtype: AnyDType) -> TensorSpec:
    if not data:
        return TensorSpec((0,), dtype)
    first = data[0]
    if len(data) > 1 or isinstance(first, (int, Poly)):
        return TensorSpec(new_shape(call, data), dtype)
    if isinstance(first, tuple) and all(isinstance(v, (int, Poly, Var, Unknown)) for v in first):
        return TensorSpec(None, dtype)  # a `torch.Size` is sizes, another tuple is numbers
    return TensorSpec(_nested(call, first, top=True)[0], dtype)


@rule
def from_array(call: Call, ndarray: Any) -> TensorSpec:
    """The array's shape and dtype. Source: `torch.from_numpy`."""
    x = call.tensor(ndarray)
    return TensorSpec(x.shape, x.dtype)


def _nested(call: Call, data: Any, top: bool = False) -> tuple[tuple[Any, ...] | None, AnyDType]:
    """Shape and dtype of nested sequences.

    Raises:
        ShapeError: rows of different lengths.
        Unclear: something in them is not known.
    """
    if isinstance(data, TensorSpec):
        return data.shape, data.dtype
    kind = number_dtype(data)
    if kind is not None:
        return (), kind
    if isinstance(data, range):
        return (len(data),), "int64"
    if not isinstance(data, (list, tuple)):
        if top:
            return None, None
        raise Unclear("an element is not known")
    return _sequence(call, data)


def _sequence(call: Call, data: Sequence[Any]) -> tuple[tuple[Any, ...], AnyDType]:
    if any(isinstance(v, Var) for v in data):
        raise Unclear("the number of elements is not known")
    if not data:
        return (0,), DEFAULT
    rows = [_row(call, v, i) for i, v in enumerate(data)]
    first = next((shape for shape, _ in rows if shape is not None), None)
    rows = [(first, dtype) if shape is None else (shape, dtype) for shape, dtype in rows]
    for i, (shape, _) in enumerate(rows):
        if shape is None or first is None or any(isinstance(s, Var) for s in (*shape, *first)):
            raise Unclear("the shape of an element is not known")
        if len(shape) != len(first) or any(call.judge.differ(a, b) for a, b in zip(shape, first, strict=True)):
            call.fail("dim-mismatch", "value", name=f"the shape of row {i}", got=shape, want=first)
    return (len(rows), *(first or ())), _together([dtype for _, dtype in rows])


def _row(call: Call, value: Any, index: int) -> tuple[tuple[Any, ...] | None, AnyDType]:
    """Shape and dtype of an element; None for the shape of one that is not known, as it is that of the others."""
    if _is_torch(value):
        return _element(call, value, index)
    try:
        return _nested(call, value)
    except Unclear:
        return None, None


def _is_torch(value: Any) -> bool:
    return isinstance(value, TensorSpec) and not value.library


def _element(call: Call, value: TensorSpec, index: int) -> tuple[tuple[Any, ...], AnyDType]:
    """A tensor among the elements: it stands for a number, whatever axes of one it has."""
    sizes = value.shape or ()
    if all(isinstance(s, int) for s in sizes) and math.prod(sizes) != 1:
        call.fail("dim-mismatch", "value", name=f"the shape of row {index}", got=sizes, want=())
    return (), value.dtype


def _together(dtypes: list[AnyDType]) -> AnyDType:
    out: AnyDType = dtypes[0]
    for dtype in dtypes[1:]:
        if not isinstance(out, str) or not isinstance(dtype, str):
            return None
        out = promote_names(out, dtype)
    return out
