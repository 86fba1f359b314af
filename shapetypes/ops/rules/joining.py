"""Tensors joined along an axis, and one tensor taken apart."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim, Poly
from shapetypes.core.shape import Slices, TensorSpec, Unknown, Var
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.promotion import result_type
from shapetypes.ops.slices import slice_size

Tensors = tuple[TensorSpec, ...]


# -- together ----------------------------------------------------------------------------------------------------------


@rule
def cat(call: Call, tensors: Any, dim: Any = 0) -> TensorSpec:
    """`"*a n *b", "*a m *b" -> "*a n+m *b"`; empty vectors are left out. Source: `torch.cat`."""
    given = nonempty_list(call, tensors)
    for t in given:
        call.least(t, 1)
    kept = [t for t in given if t.shape != (0,)]
    if not kept:
        return TensorSpec((0,), result_type(*given))
    return TensorSpec(_joined(call, kept, dim), result_type(*given))


@rule
def concatenate(call: Call, tensors: Any, dim: Any = 0) -> TensorSpec:
    """The same as `cat`. Source: `torch.concatenate`."""
    return cat(call, tensors, dim)


def nonempty_list(call: Call, tensors: Any) -> list[TensorSpec]:
    """The tensors of a list, of which there is at least one."""
    if isinstance(tensors, (list, tuple)):
        if not tensors:
            call.fail("dim-mismatch", "count", name="tensors", got=0, want=1)
        return [t if isinstance(t, TensorSpec) else TensorSpec(None) for t in tensors]
    return call.tensors(tensors)


def _joined(call: Call, tensors: list[TensorSpec], dim: Any) -> tuple[Any, ...]:
    """The shape of the tensors joined; those of unknown rank leave the axis unknown."""
    first = next((t for t in tensors if t.rank is not None), tensors[0])
    at = call.place(first, dim)
    total: Any = 0
    for t in tensors:
        same = t.shape is not None and [isinstance(p, Var) and p for p in t.shape] == [
            isinstance(p, Var) and p for p in first.parts
        ]
        if t.rank is not None and first.rank is not None and t.rank != first.rank:
            call.fail(
                "rank-mismatch",
                "ranks",
                argument=t.label or None,
                other=first.label or None,
                got=t.shape,
                want=first.shape,
            )
        if not same:
            total = None
            continue
        for i in range(len(first.parts)):
            if i != at and t is not first and not isinstance(first.parts[i], Var):
                call.match(first, i, t, i)
        total = None if total is None else total + t.parts[at]
    size = d.unknown("the sum of the sizes") if total is None else total
    return (*first.parts[:at], size, *first.parts[at + 1 :])


@rule
def stack(call: Call, tensors: Any, dim: Any = 0) -> TensorSpec:
    """`("*a *b",) * n -> "*a n *b"`, all of one shape. Source: `torch.stack`."""
    try:
        given = nonempty_list(call, tensors)
        count: Dim = len(given)
    except Unclear:
        if not isinstance(tensors, TensorSpec) or tensors.rank is None:
            raise
        given, count = [TensorSpec(tensors.parts[1:], tensors.dtype)], tensors.parts[0]  # type: ignore[assignment]
    first = next((t for t in given if t.rank is not None), given[0])
    for t in given:
        if t is not first:
            call.same_shape(first, t)
    return TensorSpec(_inserted(call, first, dim, count), result_type(*given))


def _inserted(call: Call, x: TensorSpec, dim: Any, size: Dim) -> tuple[Any, ...]:
    i = call.integer(dim)
    if x.rank is None:
        if x.shape is None or any(isinstance(p, Var) for p in (x.parts[:i] if i >= 0 else x.parts[i:])):
            raise Unclear("the rank is not known")
        at = i if i >= 0 else len(x.parts) + 1 + i
    else:
        at = call.axis(x, i, extra=1)
    return (*x.parts[:at], size, *x.parts[at:])


def at_least(x: TensorSpec, rank: int) -> TensorSpec:
    """The tensor with axes of size 1 added as `torch.atleast_3d` adds them."""
    parts = x.parts
    if x.rank is None:
        raise Unclear("the rank is not known")
    if len(parts) == 0:
        parts = (1,) * rank
    elif len(parts) < rank:
        parts = (1, *parts) if len(parts) == 1 else parts
        parts = parts if len(parts) == rank else (*parts, 1)
    return TensorSpec(parts, x.dtype, x.label)


@rule
def hstack(call: Call, tensors: Any) -> TensorSpec:
    """`cat` along axis 1, of vectors along axis 0. Source: `torch.hstack`."""
    given = [at_least(t, 1) for t in nonempty_list(call, tensors)]
    return cat(call, given, 0 if given[0].rank == 1 else 1)


@rule
def vstack(call: Call, tensors: Any) -> TensorSpec:
    """`cat` along axis 0, of vectors as rows. Source: `torch.vstack`."""
    return cat(call, [at_least(t, 2) for t in nonempty_list(call, tensors)], 0)


@rule
def dstack(call: Call, tensors: Any) -> TensorSpec:
    """`cat` along axis 2. Source: `torch.dstack`."""
    return cat(call, [at_least(t, 3) for t in nonempty_list(call, tensors)], 2)


@rule
def column_stack(call: Call, tensors: Any) -> TensorSpec:
    """`cat` along axis 1, of vectors as columns. Source: `torch.column_stack`."""
    columns = [_column(t) for t in nonempty_list(call, tensors)]
    return cat(call, columns, 1)


def _column(x: TensorSpec) -> TensorSpec:
    if x.rank is None:
        raise Unclear("the rank is not known")
    parts = x.parts if x.rank > 1 else (*x.parts, 1) if x.rank else (1, 1)
    return TensorSpec(parts, x.dtype, x.label)


@rule
def block_diag(call: Call, tensors: Any) -> TensorSpec:
    """`"m n", "p q" -> "m+p n+q"`; a vector is a row. Source: `torch.block_diag`."""
    given = [at_least(t, 2) for t in _varargs(tensors)]
    for t in given:
        call.rank(t, 2)
    rows: Any = sum((t.parts[0] for t in given), start=0)  # type: ignore[misc]
    columns: Any = sum((t.parts[1] for t in given), start=0)  # type: ignore[misc]
    return TensorSpec((rows, columns) if given else (1, 0), result_type(*given) if given else "float32")


def _varargs(tensors: Any) -> list[TensorSpec]:
    """Tensors given one by one, or as one sequence.

    Raises:
        Unclear: one of them is not known.
    """
    if isinstance(tensors, (list, tuple)) and len(tensors) == 1 and isinstance(tensors[0], (list, tuple)):
        tensors = tensors[0]
    if not isinstance(tensors, (list, tuple)) or not all(isinstance(t, TensorSpec) for t in tensors):
        raise Unclear("the tensors are not known")
    return list(tensors)


@rule
def meshgrid(call: Call, tensors: Any, indexing: Any = None) -> Tensors:
    """`"n", "m" -> ("n m", "n m")`, or `"m n"` with `indexing="xy"`. Source: `torch.meshgrid`."""
    given = _varargs(tensors)
    for t in given:
        call.rank(t, 0, 1)
        if t.dtype is not None and given[0].dtype is not None:
            call.same_dtype(given[0], t)
    if not given:
        call.fail("dim-mismatch", "count", name="tensors", got=0, want=1)
    sizes = [t.parts[0] if t.rank else 1 for t in given]
    if isinstance(indexing, Unknown):
        return tuple(TensorSpec([d.unknown("an axis")] * len(given), t.dtype) for t in given)
    if indexing not in (None, "ij", "xy"):
        call.wrong("indexing", indexing, '"ij" or "xy"')
    if indexing == "xy" and len(sizes) > 1:
        sizes[:2] = sizes[1], sizes[0]
    return tuple(TensorSpec(sizes, t.dtype) for t in given)


@rule
def cartesian_prod(call: Call, tensors: Any) -> TensorSpec:
    """`"n", "m" -> "n*m 2"`; a single vector stays as it is. Source: `torch.cartesian_prod`."""
    given = _varargs(tensors)
    for t in given:
        call.rank(t, 1)
        call.same_dtype(given[0], t)
    if len(given) == 1:
        return given[0]
    return TensorSpec((d.product(t.parts[0] for t in given), len(given)), given[0].dtype)  # type: ignore[misc]


@rule
def combinations(call: Call, input: TensorSpec, r: Any = 2, with_replacement: Any = False) -> TensorSpec:
    """`"n" -> "n_choose_r r"`. Source: `torch.combinations`."""
    call.rank(input, 1)
    n: Any = input.parts[0]
    count = call.integer(r)
    if count < 0:
        call.wrong("r", count, "at least 0")
    if count == 0:
        return TensorSpec((0,), input.dtype)
    rows: Any = 1
    for i in range(count):
        rows = rows * (n + i if call.flag(with_replacement) else n - i)
    for i in range(2, count + 1):
        rows = d.floordiv(rows, i) if isinstance(rows, int) or d.exact_quotient(rows, i) is not None else None
        if rows is None:
            rows = d.unknown("a number of combinations")
            break
    return TensorSpec((max(rows, 0) if isinstance(rows, int) else rows, count), input.dtype)


@rule
def broadcast_tensors(call: Call, tensors: Any) -> Tensors:
    """`("*#b", "*#b") -> ("*b", "*b")`. Source: `torch.broadcast_tensors`."""
    given = _varargs(tensors)
    shape = call.broadcast(*given)
    return tuple(TensorSpec(shape, t.dtype) for t in given)


@rule
def broadcast_shapes(call: Call, shapes: Any) -> Any:
    """`"*#b"` of several shapes. Source: `torch.broadcast_shapes`."""
    tensors = [TensorSpec((s,) if isinstance(s, (int, Poly)) else call.sizes((s,))) for s in shapes]
    return call.broadcast(*tensors)


def _atleast(rank: int) -> None:
    def atleast(call: Call, tensors: Any) -> Any:
        del call
        if len(tensors) == 1 and isinstance(tensors[0], TensorSpec):
            return at_least(tensors[0], rank)
        return tuple(at_least(t, rank) for t in _varargs(tensors))

    atleast.__name__ = f"atleast_{rank}d"
    atleast.__doc__ = f"Axes of size 1 added up to {rank} axes. Source: `torch.atleast_{rank}d`."
    rule(atleast)


for _rank in (1, 2, 3):
    _atleast(_rank)


# -- apart -------------------------------------------------------------------------------------------------------------


def _pieces(x: TensorSpec, at: int, sizes: list[Any]) -> Tensors:
    return tuple(TensorSpec((*x.parts[:at], s, *x.parts[at + 1 :]), x.dtype) for s in sizes)


def listed(found: Tensors | Slices) -> list[TensorSpec] | Slices:
    """The pieces as Keras and TensorFlow give them."""
    return found if isinstance(found, Slices) else list(found)


@rule
def split(call: Call, tensor: TensorSpec, split_size_or_sections: Any, dim: Any = 0) -> Tensors | Slices:
    """`"*a n *b" -> ("*a s *b", ...)`; sizes given one by one add up to `n`. Source: `torch.split`."""
    call.least(tensor, 1)
    at = call.place(tensor, dim)
    if isinstance(split_size_or_sections, (list, tuple)):
        return _sections(call, tensor, at, split_size_or_sections)
    step = call.size(split_size_or_sections)
    if isinstance(step, int) and step < 0:
        call.wrong("split_size", step, "at least 0")
    n: Any = call.judge.reduce(tensor.parts[at])  # type: ignore[arg-type]
    step = call.judge.reduce(step)
    return _equal_pieces(call, tensor, at, n, step)


def _sections(call: Call, x: TensorSpec, at: int, sections: Any) -> Tensors:
    sizes = [call.size(s) for s in sections if not isinstance(s, Var)]
    if len(sizes) != len(sections):
        raise Unclear("the number of sections is not known")
    for i, s in enumerate(sizes):
        if isinstance(s, int) and s < 0:
            call.wrong(f"split_sizes[{i}]", s, "at least 0")
    total: Dim = 0
    for s in sizes:
        total = total + s
    conflict = call.judge.same(total, x.parts[at])  # type: ignore[arg-type]
    if conflict:
        axis, size = at, x.parts[at]
        detail = "the sum of the sections"
        call.fail("dim-mismatch", "axis", argument=x.label or None, axis=axis, got=size, want=total, detail=detail)
    return _pieces(x, at, sizes)


def _equal_pieces(call: Call, x: TensorSpec, at: int, n: Dim, step: Dim) -> Tensors | Slices:
    """Pieces of `step` elements, the last one smaller."""
    if isinstance(n, int) and isinstance(step, int):
        if step == 0:
            if n:
                call.wrong("split_size", 0, "at least 1")
            return _pieces(x, at, [0])
        return _pieces(x, at, [min(step, n - i) for i in range(0, n, step)] or [0])
    count = d.exact_quotient(n, step)
    if isinstance(count, int) and 0 < count < _MANY:
        return _pieces(x, at, [step] * count)
    return _slices(x, at, step, count)


_MANY = 1000


def _slices(x: TensorSpec, at: int, step: Dim, count: Dim | None) -> Slices:
    """Pieces whose number is not an int; they are equal where `count` of them make up the axis."""
    size = d.unknown("a piece") if count is None else step
    return Slices(_pieces(x, at, [size])[0], count, "the number of pieces is not known")


@rule
def split_method(call: Call, self: TensorSpec, split_size: Any, dim: Any = 0) -> Tensors | Slices:
    """The same. Source: `torch.Tensor.split`."""
    return split(call, self, split_size, dim)


@rule
def split_sizes(call: Call, input: TensorSpec, split_sizes: Any, dim: Any = 0) -> Tensors | Slices:
    """`split` into the given sizes. Source: `torch.split_with_sizes`."""
    return split(call, input, split_sizes, dim)


@rule
def split_equal(call: Call, input: TensorSpec, split_size: Any, dim: Any = 0) -> Tensors | Slices:
    """`split` into pieces of one size. Source: `torch.unsafe_split`."""
    return split(call, input, split_size, dim)


@rule
def chunk(call: Call, input: TensorSpec, chunks: Any, dim: Any = 0) -> Tensors | Slices:
    """`"*a n *b" -> ("*a ceil(n/k) *b", ...)`, at most `k` pieces. Source: `torch.chunk`."""
    call.least(input, 1)
    at, count = call.place(input, dim), call.judge.reduce(call.size(chunks))
    n: Any = call.judge.reduce(input.parts[at])  # type: ignore[arg-type]
    if not isinstance(count, int):
        each = d.exact_quotient(n, count)
        return _slices(input, at, 0 if each is None else each, None if each is None else count)
    if count <= 0:
        call.wrong("chunks", count, "at least 1")
    if isinstance(n, int):
        step = -(-n // count)
        return _pieces(input, at, [0] * count) if n == 0 else _equal_pieces(call, input, at, n, step)
    return _pieces(input, at, _even(call, n, count))


def _even(call: Call, n: Dim, count: int) -> list[Any]:
    """Equal pieces of a symbolic size; of an unknown size they are unknown."""
    if d.is_unknown(n):
        exact = d.exact_quotient(n, count)
        return [d.unknown("a piece") if exact is None else exact for _ in range(count)]
    return [call.judge.quotient(n, count)] * count


def tensor_split(call: Call, input: TensorSpec, indices_or_sections: Any, dim: Any = 0) -> Tensors:
    """`"*a n *b" -> ("*a s *b", ...)`: a number of sections, or where to cut. Source: `torch.tensor_split`."""
    call.least(input, 1)
    return _cut(call, input, call.place(input, dim), indices_or_sections)


def _cut(call: Call, x: TensorSpec, at: int, where: Any) -> Tensors:
    n: Any = call.judge.reduce(x.parts[at])  # type: ignore[arg-type]
    if isinstance(where, (list, tuple)):
        if any(isinstance(w, (Var, Unknown)) for w in where):
            raise Unclear("where to cut is not known")
        starts, ends = [None, *where], [*where, None]
        return _pieces(x, at, [slice_size(call.judge, n, slice(s, e)) for s, e in zip(starts, ends, strict=True)])
    if isinstance(where, TensorSpec):
        if where.rank == 1 and isinstance(where.parts[0], int):
            return _pieces(x, at, [d.unknown("a piece") for _ in range(where.parts[0] + 1)])
        raise Unclear("where to cut is not known")
    count = call.integer(where)
    if count <= 0:
        call.wrong("sections", count, "at least 1")
    if isinstance(n, int):
        return _pieces(x, at, [n // count + (i < n % count) for i in range(count)])
    return _pieces(x, at, _even(call, n, count))


@rule
def tensor_split_at(call: Call, input: TensorSpec, indices: Any, dim: Any = 0) -> Tensors:
    """`tensor_split` at indices. Source: `torch.tensor_split`."""
    return tensor_split(call, input, indices, dim)


@rule
def tensor_split_into(call: Call, input: TensorSpec, sections: Any, dim: Any = 0) -> Tensors:
    """`tensor_split` into sections. Source: `torch.tensor_split`."""
    return tensor_split(call, input, sections, dim)


@rule
def tensor_split_by(call: Call, input: TensorSpec, tensor_indices_or_sections: Any, dim: Any = 0) -> Tensors:
    """`tensor_split` by a tensor. Source: `torch.tensor_split`."""
    return tensor_split(call, input, tensor_indices_or_sections, dim)


def _along(name: str, axis: int, least: int) -> None:
    """Register `hsplit`, `vsplit`, `dsplit`: sections divide the axis."""

    def along(call: Call, input: TensorSpec, sections: Any = None, indices: Any = None) -> Tensors:
        call.least(input, least)
        rank = call.rank(input)
        at = 0 if name == "hsplit" and rank == 1 else axis
        where = sections if indices is None else indices
        if isinstance(where, (list, tuple)) and len(where) == 1 and isinstance(where[0], (list, tuple)):
            where = where[0]
        if isinstance(where, int) and where > 0:
            call.divides(where, input.parts[at], input, at)  # type: ignore[arg-type]
        return _cut(call, input, at, where)

    along.__name__ = name
    along.__doc__ = f"`tensor_split` along axis {axis}, into equal sections. Source: `torch.{name}`."
    rule(along)


for _name, _axis, _least in (("hsplit", 1, 1), ("vsplit", 0, 2), ("dsplit", 2, 3)):
    _along(_name, _axis, _least)


@rule
def unbind(call: Call, input: TensorSpec, dim: Any = 0) -> Tensors | Slices:
    """`"*a n *b" -> ("*a *b",) * n`. Source: `torch.unbind`."""
    call.least(input, 1)
    at = call.place(input, dim)
    n = call.judge.reduce(input.parts[at])  # type: ignore[arg-type]
    item = TensorSpec((*input.parts[:at], *input.parts[at + 1 :]), input.dtype)
    return (item,) * n if isinstance(n, int) and n <= _MANY else Slices(item, n)
