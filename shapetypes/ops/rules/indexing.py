"""Indexing: ints, slices, None, Ellipsis, masks and index tensors, read and written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim, Poly
from shapetypes.core.dtype import as_set
from shapetypes.core.shape import KEPT, UNIT, TensorSpec, Unit, Unknown, Var, show_shape
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.promotion import BOOL, INT, categories
from shapetypes.ops.slices import slice_size


@dataclass(slots=True)
class _Picked:
    """The axes of a result so far, with a place held for each index tensor."""

    parts: list[Any] = field(default_factory=list)
    tensors: list[tuple[int, TensorSpec]] = field(default_factory=list)
    separated: bool = False
    last: int = -1

    def advanced(self, index: TensorSpec) -> None:
        """Hold the place of one index tensor."""
        self.separated = self.separated or (bool(self.tensors) and self.last != len(self.parts))
        self.tensors.append((len(self.parts), index))
        self.last = len(self.parts)


@rule
def getitem(call: Call, self: TensorSpec, indices: Any) -> TensorSpec:
    """`x[i, a:b, None, ..., mask, index]`. Source: `torch.Tensor.__getitem__`."""
    try:
        return TensorSpec(indexed(call, self, indices), self.dtype)
    except Unclear:
        return TensorSpec(None, self.dtype)


@rule
def setitem(call: Call, self: TensorSpec, indices: Any, value: Any) -> None:
    """`x[...] = value`: the value broadcasts to the place, which never grows. Source: `torch.Tensor.__setitem__`."""
    place = indexed(call, self, indices)
    if isinstance(value, TensorSpec):
        call.expand_to(_without_leading_ones(value, len(place)), place)


def _without_leading_ones(value: TensorSpec, rank: int) -> TensorSpec:
    """The value without leading axes that are one, or that may be for all that is known."""
    shape = value.shape or ()
    while value.rank is not None and len(shape) > rank and (shape[0] == 1 or d.is_unknown(shape[0])):
        shape = shape[1:]
    return value if value.rank is None else TensorSpec(shape, value.dtype, value.label)


@rule
def index_put(call: Call, input: TensorSpec, indices: Any, values: TensorSpec) -> TensorSpec:
    """`x[indices] = values` as a function; indices are tensors or None. Source: `torch.index_put`."""
    call.same_dtype(input, values)
    items = tuple(slice(None) if i is None else i for i in indices) if isinstance(indices, (list, tuple)) else indices
    call.expand_to(values, indexed(call, input, items))
    return TensorSpec(input.shape, input.dtype)


@rule
def index_put_(call: Call, self: TensorSpec, indices: Any, values: TensorSpec) -> TensorSpec:
    """The same in place. Source: `torch.Tensor.index_put_`."""
    return index_put(call, self, indices, values)


@rule
def rows(call: Call, self: TensorSpec) -> tuple[TensorSpec, ...]:
    """`"n *s" -> ("*s",) * n`. Source: iterating over a tensor."""
    call.least(self, 1)
    return tuple(call.unbound(self))


def indexed(call: Call, x: TensorSpec, indices: Any) -> tuple[Any, ...]:
    """The shape of `x[indices]`.

    Raises:
        ShapeError: the tensor has no such element or axis.
        Unclear: an index is of unknown kind.
    """
    items = [_item(i) for i in (indices if isinstance(indices, tuple) else (indices,))]
    if any(isinstance(i, Unknown) for i in items):
        raise Unclear("an index is not known")
    front, back = _around_ellipsis(items)
    parts = x.parts
    used = sum(_takes(i) for i in items if i is not ...)
    if x.rank is not None and used > x.rank:
        call.fail("rank-mismatch", "rank", argument=x.label or None, got=x.shape, want=(used,), detail="least")
    picked = _Picked()
    at = _pick(call, x, front, 0, picked)
    end = len(parts) - sum(_takes(i) for i in back)
    if end < at or any(isinstance(p, Var) for p in parts[end:]):
        raise Unclear("the rank is not known")
    picked.parts += parts[at:end]
    _pick(call, x, back, end, picked)
    return _placed(call, picked)


def _item(value: Any) -> Any:
    """One index; a list is an index tensor, a tensor without axes an int."""
    if isinstance(value, range):
        return TensorSpec((len(value),), "int64")
    if isinstance(value, (list, tuple)):
        return _listed(value)
    if isinstance(value, TensorSpec) and value.shape == () and not _is_mask(value):
        return value if value.dtype is not None and categories(value.dtype).isdisjoint((INT,)) else _ONE
    return value


_ONE = object()
"""An index that takes one axis away, of which the value is not known."""


def _listed(values: Sequence[Any]) -> Any:
    """A list of ints, bools or lists of them as a tensor."""
    items = [_listed(v) if isinstance(v, (list, tuple)) else v for v in values]
    if all(isinstance(i, bool) for i in items) and items:
        return TensorSpec((len(items),), "bool")
    if all(isinstance(i, (int, Poly)) for i in items):
        return TensorSpec((len(items),), "int64")
    if items and all(isinstance(i, TensorSpec) and i.shape == items[0].shape for i in items):
        return TensorSpec((len(items), *(items[0].parts)), items[0].dtype)
    return Unknown("a list of indices")


def _is_mask(value: Any) -> bool:
    names = as_set(value.dtype)
    return names is not None and names <= {"bool", "uint8"}


def _takes(item: Any) -> int:
    """How many axes an index stands for."""
    if item is None or isinstance(item, bool):
        return 0
    if isinstance(item, TensorSpec):
        if item.dtype is None:
            raise Unclear("an index tensor may be a mask")
        if _is_mask(item):
            if item.rank is None:
                raise Unclear("the rank of a mask is not known")
            return item.rank
    return 1


def _around_ellipsis(items: list[Any]) -> tuple[list[Any], list[Any]]:
    at = next((i for i, item in enumerate(items) if item is ...), len(items))
    return items[:at], [i for i in items[at + 1 :] if i is not ...]


def _pick(call: Call, x: TensorSpec, items: list[Any], at: int, picked: _Picked) -> int:
    """Apply the indices to the axes from `at` on; returns the axis after them."""
    for item in items:
        count = _takes(item)
        if any(isinstance(p, Var) for p in x.parts[at : at + count]) or at + count > len(x.parts):
            raise Unclear("the rank is not known")
        _apply(call, x, item, at, picked)
        at += count
    return at


def _apply(call: Call, x: TensorSpec, item: Any, at: int, picked: _Picked) -> None:
    if item is None:
        picked.parts.append(UNIT)
    elif isinstance(item, bool):
        picked.advanced(TensorSpec((int(item),), "int64"))
    elif isinstance(item, slice):
        picked.parts.append(_sliced(call, x, item, at))
    elif isinstance(item, TensorSpec):
        _tensor_index(call, x, item, at, picked)
    elif isinstance(item, (int, Poly)) or item is _ONE:
        _in_range(call, x, item, at)
    elif isinstance(item, float):
        call.fail("dtype-mismatch", "dtype", got="float32", want="Integer")
    else:
        raise Unclear("an index is not known")


def _in_range(call: Call, x: TensorSpec, item: Any, at: int) -> None:
    size = call.judge.reduce(x.parts[at])  # type: ignore[arg-type]
    if isinstance(size, int) and isinstance(item, int) and not -size <= item < size:
        span = f"{-size} to {size - 1}" if size else "none"
        call.wrong("index", item, span, x.label or None, f"axis {at} of {show_shape(x.shape)}")


def _sliced(call: Call, x: TensorSpec, item: slice, at: int) -> Dim:
    step = item.step
    if isinstance(step, int) and step <= 0:
        call.wrong("step", step, "at least 1")
    size: Any = x.parts[at]
    if item.start is None and item.stop is None and step is None:
        return size  # type: ignore[no-any-return]
    return slice_size(call.judge, size, item)


def _tensor_index(call: Call, x: TensorSpec, index: TensorSpec, at: int, picked: _Picked) -> None:
    if not _is_mask(index):
        if categories(index.dtype).isdisjoint((BOOL, INT)):
            call.fail("dtype-mismatch", "dtype", argument=index.label or None, got=index.dtype, want="Integer")
        picked.advanced(index)
        return
    for i in range(index.rank or 0):
        call.expect(index, i, x.parts[at + i])  # type: ignore[arg-type]
    count = d.unknown("the number of selected elements")
    for _ in range(max(index.rank or 0, 1)):
        picked.advanced(TensorSpec((count,), "int64", index.label))


def _placed(call: Call, picked: _Picked) -> tuple[Any, ...]:
    """Put the broadcast shape of the index tensors where they stood, or first when they were separated."""
    if not picked.tensors:
        return tuple(picked.parts)
    shape = call.broadcast(*(t for _, t in picked.tensors))
    at = 0 if picked.separated else picked.tensors[0][0]
    return (*picked.parts[:at], *shape, *picked.parts[at:])


# -- one axis ----------------------------------------------------------------------------------------------------------


@rule
def select(call: Call, input: TensorSpec, dim: Any, index: Any) -> TensorSpec:
    """`"*a n *b" -> "*a *b"`. Source: `torch.select`."""
    call.least(input, 1)
    at = call.place(input, dim)
    _in_range(call, input, index, at)
    return TensorSpec(_without(input, at), input.dtype)


def _without(x: TensorSpec, at: int, *instead: Any) -> tuple[Any, ...]:
    return (*x.parts[:at], *instead, *x.parts[at + 1 :])


@rule
def narrow(call: Call, input: TensorSpec, dim: Any, start: Any, length: Any) -> TensorSpec:
    """`"*a n *b" -> "*a length *b"`, within the axis. Source: `torch.narrow`."""
    call.least(input, 1)
    at = call.place(input, dim)
    size, count = call.judge.reduce(input.parts[at]), call.size(length)  # type: ignore[arg-type]
    first = start if isinstance(start, (int, Poly)) else 0
    if isinstance(first, int) and isinstance(size, int):
        if not -size <= first <= size:
            call.wrong("start", first, f"{-size} to {size}", input.label or None)
        first += size if first < 0 else 0
    left = size - (first if not isinstance(first, int) or first >= 0 else size + first) - count
    if (isinstance(left, int) and left < 0) or (isinstance(count, int) and count < 0):
        call.wrong("length", count, f"at most {size - first}", input.label or None)
    return TensorSpec(_without(input, at, count), input.dtype)


@rule
def index_select(call: Call, input: TensorSpec, dim: Any, index: TensorSpec) -> TensorSpec:
    """`"*a n *b", Int "k" -> "*a k *b"`. Source: `torch.index_select`."""
    at = call.place(input, dim)
    _index_dtype(call, index, "int32", "int64")
    if index.rank is not None and index.rank > 1:
        call.rank(index, 0, 1)
    if input.rank == 0:
        if index.rank == 1:
            call.expect(index, 0, 1)
        return input
    count = 1 if index.rank == 0 else call.at(index, 0)
    return TensorSpec(_without(input, at, count), input.dtype)


def _index_dtype(call: Call, index: TensorSpec, *names: str) -> None:
    have = as_set(index.dtype)
    if have is not None and have.isdisjoint(names):
        want = names[0] if len(names) == 1 else frozenset(names)
        call.fail("dtype-mismatch", "dtype", argument=index.label or None, got=index.dtype, want=want)


def fits_within(call: Call, index: TensorSpec, x: TensorSpec, but: int | None = None) -> None:
    """Require an index to be no larger than a tensor along every axis but one.

    Raises:
        ShapeError: another rank, or an axis that is surely larger.
    """
    rank, other = index.rank, x.rank
    if rank is None or other is None:
        return
    if max(rank, 1) != max(other, 1):
        call.fail(
            "rank-mismatch", "ranks", argument=index.label or None, other=x.label or None, got=index.shape, want=x.shape
        )
    if not rank or not other:
        return
    for i in range(rank):
        gap = call.judge.reduce(index.parts[i] - x.parts[i])  # type: ignore[operator]
        if i != but and isinstance(gap, int) and gap > 0:
            call.fail(
                "dim-mismatch",
                "axis",
                argument=index.label or None,
                axis=i,
                got=index.parts[i],
                want=x.parts[i],
                detail="at most",
            )


def _is_empty(index: TensorSpec) -> bool:
    return any(p == 0 for p in index.shape or ())


@rule
def gather(call: Call, input: TensorSpec, dim: Any, index: TensorSpec) -> TensorSpec:
    """`"*s", Int "*k" -> "*k"`, of one rank, `k <= s` except along `dim`. Source: `torch.gather`."""
    at = call.place(input, dim)
    if not _is_empty(index):
        _index_dtype(call, index, "int64", "int32")
        fits_within(call, index, input, at)
    if index.shape is None:
        return TensorSpec(None, input.dtype)
    return TensorSpec(tuple(KEPT if isinstance(p, Unit) else p for p in index.parts), input.dtype)


@rule
def scatter(call: Call, input: TensorSpec, dim: Any, index: TensorSpec, src: Any = None) -> TensorSpec:
    """`"*s", Int "*k", "*v" -> "*s"`, `k <= s` except along `dim`, `k <= v`. Source: `torch.scatter`."""
    at = call.place(input, dim)
    if _is_empty(index):
        return TensorSpec(input.shape, input.dtype)
    _index_dtype(call, index, "int64", "int32")
    fits_within(call, index, input, at)
    if isinstance(src, TensorSpec):
        fits_within(call, index, src)
        call.same_dtype(input, src)
    return TensorSpec(input.shape, input.dtype)


@rule
def scatter_(call: Call, self: TensorSpec, dim: Any, index: TensorSpec, src: Any = None) -> TensorSpec:
    """The same in place. Source: `torch.Tensor.scatter_`."""
    return scatter(call, self, dim, index, src)


@rule
def index_add(call: Call, input: TensorSpec, dim: Any, index: TensorSpec, source: TensorSpec) -> TensorSpec:
    """`"*a n *b", Int "k", "*a k *b" -> "*a n *b"`. Source: `torch.index_add`, `index_copy`, `index_reduce`."""
    at = call.place(input, dim)
    _index_dtype(call, index, "int64", "int32")
    if index.rank is not None and index.rank > 1:
        call.rank(index, 0, 1)
    call.same_dtype(input, source)
    if input.rank and source.rank:
        if input.rank != source.rank:
            call.fail("rank-mismatch", "ranks", argument=source.label or None, got=source.shape, want=input.shape)
        for i in range(input.rank):
            if i != at:
                call.match(input, i, source, i)
        if index.rank == 1:
            call.match(index, 0, source, at)
        elif index.rank == 0:
            call.expect(source, at, 1)
    return TensorSpec(input.shape, input.dtype)


@rule
def index_add_(call: Call, self: TensorSpec, dim: Any, index: TensorSpec, source: TensorSpec) -> TensorSpec:
    """The same in place. Source: `torch.Tensor.index_add_`."""
    return index_add(call, self, dim, index, source)


@rule
def index_fill(call: Call, input: TensorSpec, dim: Any, index: TensorSpec, value: Any) -> TensorSpec:
    """`"*a n *b", Int "k", "" -> "*a n *b"`. Source: `torch.index_fill`."""
    call.place(input, dim)
    _index_dtype(call, index, "int64")
    if index.rank is not None and index.rank > 1:
        call.rank(index, 0, 1)
    if isinstance(value, TensorSpec) and value.rank:
        call.rank(value, 0)
    return TensorSpec(input.shape, input.dtype)


@rule
def index_fill_(call: Call, self: TensorSpec, dim: Any, index: TensorSpec, value: Any) -> TensorSpec:
    """The same in place. Source: `torch.Tensor.index_fill_`."""
    return index_fill(call, self, dim, index, value)


@rule
def take(call: Call, input: TensorSpec, index: TensorSpec) -> TensorSpec:
    """`"...", Int "*k" -> "*k"`. Source: `torch.take`."""
    _index_dtype(call, index, "int64")
    return TensorSpec(index.shape, input.dtype)


@rule
def put(call: Call, input: TensorSpec, index: TensorSpec, source: TensorSpec) -> TensorSpec:
    """`"*s", Int "*k", "*v" -> "*s"` with as many elements in `k` and `v`. Source: `torch.put`."""
    _index_dtype(call, index, "int64")
    call.same_dtype(input, source)
    have, want = call.elements(source), call.elements(index)
    if have is not None and want is not None and call.judge.differ(have, want):
        call.fail("dim-mismatch", "elements", argument=source.label or None, got=source.shape, want=index.shape)
    return TensorSpec(input.shape, input.dtype)


@rule
def put_(call: Call, self: TensorSpec, index: TensorSpec, source: TensorSpec) -> TensorSpec:
    """The same in place. Source: `torch.Tensor.put_`."""
    return put(call, self, index, source)


@rule
def take_along_dim(call: Call, input: TensorSpec, indices: TensorSpec, dim: Any = None) -> TensorSpec:
    """`"*#b n", Int "*#b k" -> "*b k"` along `dim`; without one both are flat. Source: `torch.take_along_dim`."""
    _index_dtype(call, indices, "int64")
    if dim is None:
        count = call.elements(indices)
        return TensorSpec((d.unknown("a size") if count is None else count,), input.dtype)
    if input.rank is not None and indices.rank is not None and input.rank != indices.rank:
        call.fail("rank-mismatch", "ranks", argument=indices.label or None, got=indices.shape, want=input.shape)
    at = call.place(input, dim)
    one = TensorSpec(_without(input, at, 1), None, input.label)
    two = TensorSpec(_without(indices, at, 1), None, indices.label)
    out = list(call.broadcast(one, two))
    if any(isinstance(p, Var) for p in (*out, *indices.parts)):
        return TensorSpec(None, input.dtype)
    out[at] = indices.parts[at]
    return TensorSpec(out, input.dtype)
