"""Resampling: interpolation, grids, and sequences padded to one length."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim
from shapetypes.core.dtype import FLOATS
from shapetypes.core.shape import Packed, TensorSpec, Unknown, Var
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules.layer_parts import all_at_least, number, one_of, size_at_least

_RANKS = {"linear": (3,), "bilinear": (4,), "bicubic": (4,), "lanczos": (4,), "trilinear": (5,)}
_ANY_RANK = ("nearest", "area", "nearest-exact")


def _scaled(call: Call, size: Dim, scale: Any) -> Dim:
    """`floor(size * scale)`; symbolic only for a scale that a float holds exactly."""
    plain = number(call, size)
    if isinstance(scale, bool) or not isinstance(scale, (int, float)):
        return d.unknown("scale_factor")
    if plain is not None:
        return int(float(plain) * scale)
    exact = Fraction(scale)
    return (
        d.floordiv(size * exact.numerator, exact.denominator)
        if exact.denominator <= 1024
        else d.unknown("scale_factor")
    )


def _new_sizes(call: Call, x: TensorSpec, size: Any, scale: Any, count: int) -> tuple[Dim, ...]:
    if size is not None and scale is not None and not isinstance(size, Unknown) and not isinstance(scale, Unknown):
        call.fail("dim-mismatch", "value", detail="only one of size and scale_factor may be given")
    if size is None and scale is None:
        call.fail("dim-mismatch", "value", detail="size or scale_factor is needed")
    name, given = ("scale_factor", scale) if size is None else ("size", size)
    if isinstance(given, Unknown):
        return tuple(d.unknown(name) for _ in range(count))
    values = given if isinstance(given, (list, tuple)) else (given,) * count
    if any(isinstance(v, Var) for v in values):
        return tuple(d.unknown(name) for _ in range(count))
    if len(values) != count:
        call.fail("rank-mismatch", "count", name=f"values in `{name}`", got=len(values), want=count)
    if size is None:
        return tuple(_scaled(call, call.at(x, i + 2), v) for i, v in enumerate(values))
    return tuple(call.size(v) for v in values)


def _interpolate(call: Call, x: TensorSpec, size: Any, scale: Any, mode: Any, align_corners: Any) -> TensorSpec:
    rank = call.rank(x, 3, 4, 5)
    if isinstance(mode, str):
        if mode not in _RANKS and mode not in _ANY_RANK:
            call.fail("dim-mismatch", "value", name="mode", got=mode, want=frozenset({*_RANKS, *_ANY_RANK}))
        call.rank(x, *_RANKS.get(mode, (3, 4, 5)))
        if mode in _ANY_RANK and align_corners is not None and not isinstance(align_corners, Unknown):
            call.fail(
                "dim-mismatch", "value", name="align_corners", got=align_corners, want=None, detail=f"mode={mode}"
            )
        one_of(call, x, FLOATS if mode in ("area", "linear", "trilinear") else FLOATS | {"uint8"})
    sizes = _new_sizes(call, x, size, scale, rank - 2)
    area = mode == "area"
    all_at_least(call, sizes, 0 if area else 1, "size" if size is not None else "the new size")
    for i in range(2 if area and rank < 5 else 1, rank):
        size_at_least(call, x, i, 1)
    return x.with_shape((*x.parts[:2], *sizes))


@rule
def interpolate(
    call: Call, input: TensorSpec, size: Any, scale_factor: Any, mode: Any, align_corners: Any, antialias: Any = False
) -> TensorSpec:
    """`"n c *s" -> "n c *s2"` with `*s2` the `size` or `floor(s*scale_factor)`. Source: `F.interpolate`."""
    if antialias is True and isinstance(mode, str) and mode not in ("bilinear", "bicubic", "lanczos"):
        call.fail("dim-mismatch", "value", name="mode", got=mode, want=frozenset({"bilinear", "bicubic", "lanczos"}))
    return _interpolate(call, call.tensor(input), size, scale_factor, mode, align_corners)


@rule
def upsample_nearest(call: Call, input: TensorSpec, size: Any, scale_factor: Any) -> TensorSpec:
    """As `interpolate` with `mode="nearest"`. Source: `F.upsample_nearest`, `torch.nn.UpsamplingNearest2d`."""
    return _interpolate(call, call.tensor(input), size, scale_factor, "nearest", None)


@rule
def upsample_bilinear(call: Call, input: TensorSpec, size: Any, scale_factor: Any) -> TensorSpec:
    """As `interpolate` with `mode="bilinear"`. Source: `F.upsample_bilinear`, `torch.nn.UpsamplingBilinear2d`."""
    return _interpolate(call, call.tensor(input), size, scale_factor, "bilinear", True)


# -- grids -----------------------------------------------------------------------------------------------------------


@rule
def grid_sample(call: Call, input: TensorSpec, grid: TensorSpec, mode: Any) -> TensorSpec:
    """`"n c h w", "n h2 w2 2" -> "n c h2 w2"`, and with one more axis. Source: `F.grid_sample`."""
    x, grid = call.tensor(input), call.tensor(grid)
    call.dtype(x, "Float")
    call.same_dtype(x, grid)
    rank = call.rank(x, 4, 5)
    if mode == "bicubic":
        call.rank(x, 4)
    call.rank(grid, rank)
    call.match(x, 0, grid, 0)
    call.expect(grid, -1, rank - 2, "coordinates")
    for i in range(2, rank):
        size_at_least(call, x, i, 1)
    return x.with_shape((*x.parts[:2], *grid.parts[1:-1]))


@rule
def affine_grid(call: Call, theta: TensorSpec, size: Any) -> TensorSpec:
    """`"n 2 3" -> "n h w 2"` for `size` `(n, c, h, w)`, `"n 3 4" -> "n d h w 3"`. Source: `F.affine_grid`."""
    x = call.tensor(theta)
    sizes = call.sizes(size)
    if any(isinstance(s, Var) for s in sizes):
        raise Unclear("the sizes are not known")
    if len(sizes) not in (4, 5):
        call.fail("rank-mismatch", "count", name="values in `size`", got=len(sizes), want=frozenset({4, 5}))
    call.dtype(x, "Float")
    call.rank(x, 3)
    count = len(sizes) - 2
    call.expect(x, 1, count)
    call.expect(x, 2, count + 1)
    call.expect(x, 0, sizes[0], "size[0]")
    all_at_least(call, sizes, 1, "size")
    return x.with_shape((sizes[0], *sizes[2:], count))


# -- sequences -------------------------------------------------------------------------------------------------------


@rule
def pad_sequence(call: Call, sequences: Any, batch_first: Any) -> TensorSpec:
    """`"t *s"` each `-> "t b *s"`, or `"b t *s"`; `t` is the longest. Source: `torch.nn.utils.rnn.pad_sequence`."""
    items = call.tensors(sequences)
    if not items:
        call.fail("rank-mismatch", "count", name="sequences", got=0, want="at least 1")
    first = items[0]
    call.least(first, 1)
    rank = call.rank(first)
    longest = call.at(first, 0)
    for item in items[1:]:
        call.rank(item, rank)
        for i in range(1, rank):
            if number(call, call.at(item, i)) != 1:
                call.match(first, i, item, i)
        longest = d.maximum(longest, call.at(item, 0))
    front = (len(items), longest) if call.flag(batch_first) else (longest, len(items))
    return first.with_shape((*front, *first.parts[1:]))


@rule
def pack_padded_sequence(call: Call, input: TensorSpec, lengths: Any, batch_first: Any) -> Unknown:
    """`"t b *s"`, or `"b t *s"`, with `b` lengths. Source: `torch.nn.utils.rnn.pack_padded_sequence`."""
    x = call.tensor(input)
    call.least(x, 2)
    axis = 0 if call.flag(batch_first) else 1
    if isinstance(lengths, TensorSpec):
        call.rank(lengths, 1)
        call.match(x, axis, lengths, 0)
    elif isinstance(lengths, (list, tuple)) and not any(isinstance(v, Var) for v in lengths):
        call.expect(x, axis, len(lengths), "lengths")
    if x.rank is None:
        return Unknown("a packed sequence")
    return Packed(call.at(x, axis), x.parts[2:], x.dtype)


@rule
def pad_packed_sequence(
    call: Call, sequence: Any, batch_first: Any, total_length: Any
) -> tuple[TensorSpec, TensorSpec]:
    """`-> "t b *s", Int64 "b"`, or `"b t *s"`. Source: `torch.nn.utils.rnn.pad_packed_sequence`."""
    if not isinstance(sequence, Packed):
        return TensorSpec(None), TensorSpec((d.unknown("batch"),), "int64")
    time = d.unknown("the longest sequence") if total_length is None else call.size(total_length)
    front = (sequence.batch, time) if call.flag(batch_first) else (time, sequence.batch)
    return TensorSpec((*front, *sequence.rest), sequence.dtype), TensorSpec((sequence.batch,), "int64")
