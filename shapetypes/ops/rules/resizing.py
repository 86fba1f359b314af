"""Shapes that follow from numbers of steps: differences, trapezoids, padding, sums to a smaller shape."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.shape import TensorSpec, Var
from shapetypes.ops.call import Call, Unclear, replaced, rule
from shapetypes.ops.promotion import floating, result_type
from shapetypes.ops.rules.indexing import index_put, indexed
from shapetypes.ops.rules.padding import pad as pad_rule


@rule
def sum_to_size(call: Call, self: TensorSpec, size: Any) -> TensorSpec:
    """`"*s" -> "*size"`, to which `size` broadcasts. Source: `torch.Tensor.sum_to_size`."""
    sizes = call.sizes(size)
    if self.rank is not None and not any(isinstance(s, Var) for s in sizes):
        call.expand_to(TensorSpec(sizes, None, "size"), self.parts)
    dtype = "int64" if self.dtype == "bool" else self.dtype
    return TensorSpec(sizes, dtype)


@rule
def constant_pad(call: Call, input: TensorSpec, pad: Any) -> TensorSpec:
    """`"*b n" -> "*b n+l+r"`. Source: `torch.constant_pad_nd`."""
    out: TensorSpec = pad_rule(call, input, pad, "constant")
    return out


@rule
def gradient(
    call: Call, input: TensorSpec, spacing: Any = None, dim: Any = None, edge_order: Any = 1
) -> tuple[TensorSpec, ...]:
    """`"*s" -> ("*s",) * axes`, each axis longer than `edge_order`. Source: `torch.gradient`."""
    rank = call.rank(input)
    places = tuple(range(rank)) if dim is None else call.axes(input, dim)
    if isinstance(spacing, (list, tuple)) and len(spacing) != len(places):
        call.fail("rank-mismatch", "count", name="spacings", got=len(spacing), want=len(places))
    order = call.integer(edge_order)
    for i in places:
        room = call.judge.reduce(input.parts[i]) if rank else order + 1  # type: ignore[arg-type]
        if isinstance(room, int) and room < order + 1:
            call.wrong(f"the size of axis {i}", room, f"at least {order + 1}", input.label or None)
    return (TensorSpec(input.shape, floating(input.dtype)),) * len(places)


@rule
def trapezoid(call: Call, y: TensorSpec, x: Any = None, dim: Any = -1) -> TensorSpec:
    """`"*a n *b" -> "*a *b"`; `x` is `"n"` or broadcasts. Source: `torch.trapezoid`."""
    at, out = _trapezoids(call, y, x, dim)
    return TensorSpec((*out.parts[:at], *out.parts[at + 1 :]), floating(out.dtype))


@rule
def cumulative_trapezoid(call: Call, y: TensorSpec, x: Any = None, dim: Any = -1) -> TensorSpec:
    """`"*a n *b" -> "*a n-1 *b"`. Source: `torch.cumulative_trapezoid`."""
    _, out = _trapezoids(call, y, x, dim)
    return TensorSpec(out.shape, floating(out.dtype))


def _trapezoids(call: Call, y: TensorSpec, x: Any, dim: Any) -> tuple[int, TensorSpec]:
    """The axis and the shape of the pieces: one fewer than there are points."""
    call.least(y, 1)
    at = call.place(y, dim)
    steps = _fewer(call, y.parts[at])
    pieces = TensorSpec(replaced(y.parts, at, steps), y.dtype, y.label)
    if not isinstance(x, TensorSpec):
        return at, pieces
    if x.rank == 1:
        if not call.judge.equal(y.parts[at], 1):  # type: ignore[arg-type]
            call.match(y, at, x, 0)
        shape = [1] * call.rank(y)
        shape[at] = _fewer(call, x.parts[0])
        widths = TensorSpec(shape, x.dtype, x.label)
    else:
        end = at - call.rank(y)
        call.axis(x, end)
        widths = TensorSpec(replaced(x.parts, end, _fewer(call, x.parts[end])), x.dtype, x.label)
    shape_together = call.broadcast(pieces, widths)
    return at + len(shape_together) - call.rank(y), TensorSpec(shape_together, result_type(y, x))


def _fewer(call: Call, size: Any) -> Any:
    n = call.judge.reduce(size)
    return max(n - 1, 0) if isinstance(n, int) else n - 1


@rule
def masked_index(call: Call, input: TensorSpec, mask: TensorSpec, indices: Any) -> TensorSpec:
    """`x[indices]` where a mask allows it. Source: `torch._unsafe_masked_index`."""
    items = tuple(slice(None) if i is None else i for i in indices) if isinstance(indices, (list, tuple)) else indices
    place = TensorSpec(indexed(call, input, items), input.dtype)
    call.expand_to(mask, place.parts)
    return place


@rule
def masked_index_put(call: Call, input: TensorSpec, mask: TensorSpec, indices: Any, values: TensorSpec) -> TensorSpec:
    """`x[indices] += values` where a mask allows it. Source: `torch._unsafe_masked_index_put_accumulate`."""
    call.broadcast(mask, values)
    return index_put(call, input, indices, values)


@rule
def chunk_cat(call: Call, tensors: Any, dim: Any, num_chunks: Any) -> TensorSpec:
    """`"*a n *b" -> "*a chunks m"`: every tensor in chunks, flat behind them. Source: `torch._chunk_cat`."""
    given, count = call.tensors(tensors), call.integer(num_chunks)
    if not given:
        call.fail("dim-mismatch", "count", name="tensors", got=0, want=1)
    ranks = [call.rank(t) for t in given]
    at = call.integer(dim)
    if at < 0 and len(set(ranks)) > 1:
        call.wrong("dim", at, "at least 0")
    places = [call.axis(t, at) for t in given]
    width: Any = 0
    for t, i in zip(given, places, strict=True):
        if t.shape and any(call.judge.equal(p, 0) for p in t.parts):  # type: ignore[arg-type]
            call.wrong("the number of elements", 0, "at least 1", t.label or None)
        for k in range(i):
            call.match(given[0], k, t, k)
        size = t.parts[i]
        if isinstance(size, Var):
            raise Unclear("the rank is not known")
        width = width + d.product((d.ceildiv(size, count), *t.parts[i + 1 :]))  # type: ignore[arg-type]
    return TensorSpec((*given[0].parts[: places[0]], count, width), result_type(*given))


@rule
def hash_tensor(call: Call, input: TensorSpec, dim: Any = (), keepdim: Any = False) -> TensorSpec:
    """`"*a n *b" -> UInt64 "*a *b"`. Source: `torch.hash_tensor`."""
    from shapetypes.ops.rules.reduce import cut

    return TensorSpec(cut(call, input, dim, keepdim), "uint64")
