"""Triangles and diagonals of matrices, and elements in another order."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.call import Call, replaced, rule
from shapetypes.ops.promotion import named_dtype
from shapetypes.ops.rules.creation import as_strided, new_shape
from shapetypes.ops.rules.indexing import select
from shapetypes.ops.slices import slice_size

# -- triangles and diagonals -------------------------------------------------------------------------------------------


@rule
def triangle(call: Call, input: TensorSpec) -> TensorSpec:
    """`"*b m n" -> "*b m n"`. Source: `torch.tril`, `torch.triu`."""
    call.least(input, 2)
    return TensorSpec(input.shape, input.dtype)


@rule
def triangle_indices(call: Call, row: Any, col: Any, offset: Any = 0, dtype: Any = None) -> TensorSpec:
    """`-> Int64 "2 k"`, `k` elements on and below a diagonal. Source: `torch.tril_indices`."""
    rows, columns = new_shape(call, (row, col))
    count: Dim = d.unknown("the size of a triangle")
    if isinstance(rows, int) and isinstance(columns, int) and isinstance(offset, int):
        count = sum(min(max(i + offset + 1, 0), columns) for i in range(rows))
    elif rows == columns and isinstance(offset, int) and offset in (0, -1):
        count = d.floordiv(rows * (rows + (1 if offset == 0 else -1)), 2)
    return TensorSpec((2, count), named_dtype(dtype, "int64"))


@rule
def triangle_indices_upper(call: Call, row: Any, col: Any, offset: Any = 0, dtype: Any = None) -> TensorSpec:
    """`-> Int64 "2 k"`, `k` elements on and above a diagonal. Source: `torch.triu_indices`."""
    turned = 1 - offset if isinstance(offset, int) else offset
    rows, columns = new_shape(call, (row, col))
    if isinstance(rows, int) and isinstance(columns, int) and isinstance(turned, int):
        lower = sum(min(max(i + offset, 0), columns) for i in range(rows))
        return TensorSpec((2, rows * columns - lower), named_dtype(dtype, "int64"))
    return triangle_indices(call, row, col, -offset if isinstance(offset, int) else offset, dtype)


def diagonal_size(call: Call, rows: Dim, columns: Dim, offset: Any) -> Dim:
    """How many elements a diagonal has."""
    k = call.size(offset)
    m, n = call.judge.reduce(rows), call.judge.reduce(columns)
    if not isinstance(k, int):
        return d.unknown("a diagonal")
    size = d.minimum(m, n - k) if k >= 0 else d.minimum(m + k, n)
    return max(size, 0) if isinstance(size, int) else size


@rule
def diagonal(call: Call, input: TensorSpec, offset: Any = 0, dim1: Any = 0, dim2: Any = 1) -> TensorSpec:
    """`"m n *b" -> "*b min(m,n)"`. Source: `torch.diagonal`."""
    call.least(input, 2)
    i, j = call.place(input, dim1), call.place(input, dim2)
    if i == j:
        call.fail("rank-mismatch", "axis-twice", argument=input.label or None, axis=i, got=input.shape)
    size = diagonal_size(call, input.parts[i], input.parts[j], offset)  # type: ignore[arg-type]
    return TensorSpec((*(p for k, p in enumerate(input.parts) if k not in (i, j)), size), input.dtype)


@rule
def diagonal_of(call: Call, A: TensorSpec, offset: Any = 0, dim1: Any = -2, dim2: Any = -1) -> TensorSpec:  # noqa: N803
    """The same over the last two axes. Source: `torch.linalg.diagonal`."""
    return diagonal(call, A, offset, dim1, dim2)


@rule
def diag(call: Call, input: TensorSpec, diagonal: Any = 0) -> TensorSpec:
    """`"n" -> "n n"`, `"m n" -> "min(m,n)"`. Source: `torch.diag`."""
    rank = call.rank(input, 1, 2)
    if rank == 2:
        size = diagonal_size(call, input.parts[0], input.parts[1], diagonal)  # type: ignore[arg-type]
        return TensorSpec((size,), input.dtype)
    side = _side(call, input.parts[0], diagonal)
    return TensorSpec((side, side), input.dtype)


def _side(call: Call, size: Any, offset: Any) -> Any:
    k = call.size(offset)
    return size + abs(k) if isinstance(k, int) else d.unknown("a diagonal")


@rule
def diagflat(call: Call, input: TensorSpec, offset: Any = 0) -> TensorSpec:
    """`"*s" -> "n n"` with as many rows as elements. Source: `torch.diagflat`."""
    count = call.elements(input)
    side = d.unknown("a size") if count is None else _side(call, count, offset)
    return TensorSpec((side, side), input.dtype)


@rule
def diag_embed(call: Call, input: TensorSpec, offset: Any = 0, dim1: Any = -2, dim2: Any = -1) -> TensorSpec:
    """`"*b n" -> "*b n n"`. Source: `torch.diag_embed`."""
    call.least(input, 1)
    rank = call.rank(input)
    i, j = (call.axis(input, a, extra=1) for a in (dim1, dim2))
    if i == j:
        call.fail("rank-mismatch", "axis-twice", argument=input.label or None, axis=i, got=input.shape)
    side = _side(call, input.parts[-1], offset)
    rest = iter(input.parts[:-1])
    return TensorSpec((side if k in (i, j) else next(rest) for k in range(rank + 1)), input.dtype)


@rule
def vander(call: Call, x: TensorSpec, N: Any = None) -> TensorSpec:  # noqa: N803  torch calls it so
    """`"n" -> "n N"`. Source: `torch.vander`."""
    call.rank(x, 1)
    count = x.parts[0] if N is None else call.size(N)
    return TensorSpec((x.parts[0], count), "int64" if x.dtype == "bool" else x.dtype)


# -- elements in another order -----------------------------------------------------------------------------------------


@rule
def flip(call: Call, input: TensorSpec, dims: Any) -> TensorSpec:
    """`"*s" -> "*s"`, each axis named once. Source: `torch.flip`."""
    listed = dims[0] if isinstance(dims, tuple) and len(dims) == 1 and isinstance(dims[0], (list, tuple)) else dims
    call.places(input, listed)
    return TensorSpec(input.shape, input.dtype)


@rule
def flip_method(call: Call, self: TensorSpec, dims: Any) -> TensorSpec:
    """The same. Source: `torch.Tensor.flip`."""
    return flip(call, self, dims)


@rule
def flip_columns(call: Call, input: TensorSpec) -> TensorSpec:
    """`"m n *b" -> "m n *b"`. Source: `torch.fliplr`."""
    call.least(input, 2)
    return TensorSpec(input.shape, input.dtype)


@rule
def flip_rows(call: Call, input: TensorSpec) -> TensorSpec:
    """`"m *b" -> "m *b"`. Source: `torch.flipud`."""
    call.least(input, 1)
    return TensorSpec(input.shape, input.dtype)


@rule
def roll(call: Call, input: TensorSpec, shifts: Any, dims: Any = ()) -> TensorSpec:
    """`"*s" -> "*s"`, one shift an axis. Source: `torch.roll`."""
    if isinstance(shifts, Unknown) or isinstance(dims, Unknown):
        return TensorSpec(input.shape, input.dtype)
    by, axes = (v if isinstance(v, (list, tuple)) else (v,) for v in (shifts, dims))
    if not by:
        call.wrong("shifts", (), "at least one")
    if len(by) != len(axes) and not (len(by) == 1 and not axes):
        call.fail("rank-mismatch", "count", name="axes", got=len(axes), want=len(by))
    if any(p == 0 for p in input.parts):
        return TensorSpec(input.shape, input.dtype)
    for axis in axes:
        if input.rank == 0:
            call.fail("rank-mismatch", "no-axis", argument=input.label or None, axis=call.integer(axis), got=(), want=0)
        call.place(input, axis)
    return TensorSpec(input.shape, input.dtype)


@rule
def rot90(call: Call, input: TensorSpec, k: Any = 1, dims: Any = (0, 1)) -> TensorSpec:
    """`"m n" -> "n m"` for odd `k`. Source: `torch.rot90`."""
    call.least(input, 2)
    places = call.places(input, dims)
    if len(places) != 2:
        call.fail("rank-mismatch", "count", name="axes", got=len(places), want=2)
    if call.integer(k) % 2 == 0:
        return TensorSpec(input.shape, input.dtype)
    out = list(input.parts)
    i, j = places
    out[i], out[j] = out[j], out[i]
    return TensorSpec(out, input.dtype)


# -- a part replaced ---------------------------------------------------------------------------------------------------


@rule
def diagonal_scatter(
    call: Call, input: TensorSpec, src: TensorSpec, offset: Any = 0, dim1: Any = 0, dim2: Any = 1
) -> TensorSpec:
    """`"m n *b", "*b min(m,n)" -> "m n *b"`. Source: `torch.diagonal_scatter`."""
    call.same_shape(diagonal(call, input, offset, dim1, dim2), src)
    return TensorSpec(input.shape, input.dtype)


@rule
def select_scatter(call: Call, input: TensorSpec, src: TensorSpec, dim: Any, index: Any) -> TensorSpec:
    """`"*a n *b", "*a *b" -> "*a n *b"`. Source: `torch.select_scatter`."""
    call.same_shape(select(call, input, dim, index), src)
    return TensorSpec(input.shape, input.dtype)


@rule
def slice_scatter(
    call: Call, input: TensorSpec, src: TensorSpec, dim: Any = 0, start: Any = None, end: Any = None, step: Any = 1
) -> TensorSpec:
    """`"*a n *b", "*a k *b" -> "*a n *b"`, `k` elements in the slice. Source: `torch.slice_scatter`."""
    call.least(input, 1)
    at = call.place(input, dim)
    size = slice_size(call.judge, input.parts[at], slice(start, end, step))  # type: ignore[arg-type]
    call.same_shape(TensorSpec(replaced(input.parts, at, size)), src)
    return TensorSpec(input.shape, input.dtype)


@rule
def strided_scatter(call: Call, input: TensorSpec, src: TensorSpec, size: Any, stride: Any) -> TensorSpec:
    """`"*s", "*size" -> "*s"`. Source: `torch.as_strided_scatter`."""
    call.same_shape(as_strided(call, input, size, stride), src)
    return TensorSpec(input.shape, input.dtype)


@rule
def like_template(call: Call, self: TensorSpec, the_template: TensorSpec) -> TensorSpec:
    """`"...", "*s" -> "*s"`. Source: `torch.Tensor.resize_as_`."""
    del call
    return TensorSpec(the_template.shape, self.dtype)
