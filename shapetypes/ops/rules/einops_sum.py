"""einops: einsum, pack, unpack, EinMix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim
from shapetypes.core.dtype import promote
from shapetypes.core.judge import Side
from shapetypes.core.shape import TensorSpec, Unknown, axis_at
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules.einops import build, given_sizes, known_lengths, lay_out, malformed, solve, text_of
from shapetypes.ops.rules.einops_pattern import (
    Expression,
    PatternError,
    read_expression,
    read_packing,
    split_arrow,
)


def _read_einsum(pattern: str) -> tuple[list[Expression], Expression]:
    left, right_text, column = split_arrow(pattern)
    sides: list[Expression] = []
    at = 0
    for text in left.split(","):
        sides.append(read_expression(text, at, underscore=True, duplicates=True))
        at += len(text) + 1
    right = read_expression(right_text, column, underscore=True)
    for side in (*sides, right):
        wrong = next((g for g in side.groups if g.text != "..." and (len(g.axes) != 1 or g.axes[0].size)), None)
        if wrong:
            raise PatternError("einsum() takes names only", wrong.column)
    known = {name for side in sides for name in side.names}
    for name, axis in right.names.items():
        if name not in known and name != "...":
            raise PatternError(f"`{name.partition('@')[0]}` is not on the left", axis.column)
    return sides, right


class _Sum:
    """The sizes of the letters of one einsum, and who fixed them."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.sizes: dict[str, Dim] = {}
        self.first: dict[str, tuple[TensorSpec, int]] = {}

    def take(self, x: TensorSpec, side: Expression) -> tuple[Any, ...]:
        """Match one operand; the sizes of its ellipsis."""
        layout, rest = lay_out(self.call, x, side)
        for group, axis, size in layout:
            self.axis(x, group.axes[0].name, axis, size)
        return rest

    def axis(self, x: TensorSpec, name: str, axis: int, size: Dim) -> None:
        before = self.sizes.get(name)
        if before is None or before == 1:
            self.sizes[name] = size
            self.first[name] = (x, axis)
            return
        if size == 1:
            return
        other, other_axis = self.first[name]
        fixed = Side(
            other.parts, other_axis % len(other.parts) if axis_at(other.parts, other_axis) is not None else None
        )
        conflict = self.call.judge.same(size, before, Side(x.parts, axis % len(x.parts)), fixed)
        if conflict:
            self.call.fail(
                conflict.code,
                "twin" if conflict.code == "axis-order" else "match",
                argument=x.label or None,
                axis=axis,
                name=name,
                got=conflict.got,
                want=conflict.want,
                other=other.label or None,
                other_axis=other_axis,
                origins=conflict.origins,
            )


@rule
def einops_einsum(call: Call, tensors_and_pattern: Any) -> TensorSpec:
    """The sum of products: `einsum(q, k, "b q e, b k e -> b q k")`. Source: `einops.einsum`."""
    *operands, pattern = tensors_and_pattern or (Unknown("no arguments"),)
    text = text_of(pattern)
    try:
        sides, right = _read_einsum(text)
    except PatternError as error:
        malformed(call, text, error)
    if len(sides) != len(operands):
        call.fail("rank-mismatch", "count", argument=None, name="tensors", got=len(operands), want=len(sides))
    state = _Sum(call)
    tensors = [call.tensor(t).labelled(f"tensors[{i}]") for i, t in enumerate(operands)]
    call.operands = list(tensors)
    rests = [state.take(x, side) for x, side in zip(tensors, sides, strict=True)]
    rest = call.broadcast(*(TensorSpec(r, None, x.label) for r, x in zip(rests, tensors, strict=True)))
    return TensorSpec(build(call, right, state.sizes, rest), promote(*(x.dtype for x in tensors)))


def _packing(call: Call, pattern: Any) -> tuple[int, int]:
    text = text_of(pattern)
    try:
        return read_packing(text)
    except PatternError as error:
        malformed(call, text, error)


@rule
def einops_pack(call: Call, tensors: Any, pattern: Any) -> tuple[TensorSpec, Any]:
    """`pack([x, y], "b * c")`: all between the named axes becomes one axis. Source: `einops.pack`."""
    before, after = _packing(call, pattern)
    items = call.tensors(tensors)
    if not items:
        raise Unclear("a list without tensors")
    for x in items:
        call.least(x, before + after)
        call.rank(x)
        for i in (*range(before), *range(-after, 0)):
            call.match(items[0], i, x, i)
    shapes = [x.parts[before : len(x.parts) - after] for x in items]
    size: Dim = 0
    for shape in shapes:
        size = size + d.product(shape)  # type: ignore[arg-type]
    first = items[0].parts
    parts = (*first[:before], size, *first[len(first) - after :])
    return TensorSpec(parts, promote(*(x.dtype for x in items))), shapes


@rule
def einops_unpack(call: Call, tensor: TensorSpec, packed_shapes: Any, pattern: Any) -> list[TensorSpec]:
    """`unpack(x, [(h, w), ()], "b * c")`: the inverse of `pack`. Source: `einops.unpack`."""
    before, after = _packing(call, pattern)
    call.rank(tensor, before + after + 1)
    if not isinstance(packed_shapes, (list, tuple)):
        raise Unclear("the shapes are not known")
    shapes = [call.sizes(shape) for shape in packed_shapes]
    free = [i for i, shape in enumerate(shapes) if -1 in shape]
    total: Dim = 0
    for i, shape in enumerate(shapes):
        total = total + (0 if i in free else d.product(shape))
    whole = call.at(tensor, before)
    if len(free) > 1:
        raise Unclear("several sizes are left to be found")
    if free:
        shapes[free[0]] = _completed(call, shapes[free[0]], whole - total)
    else:
        call.expect(tensor, before, total)
    parts = tensor.parts
    return [tensor.with_shape((*parts[:before], *shape, *parts[before + 1 :])) for shape in shapes]


def _completed(call: Call, shape: tuple[Any, ...], size: Dim) -> tuple[Any, ...]:
    """A shape with its -1 worked out."""
    known = d.product(s for s in shape if s != -1)
    call.divides(known, size)
    return tuple(call.judge.quotient(size, known) if s == -1 else s for s in shape)


def _read_mix(pattern: str, weight_shape: str, lengths: frozenset[str]) -> tuple[Expression, Expression, Expression]:
    left_text, right_text, column = split_arrow(pattern)
    left, right = read_expression(left_text), read_expression(right_text, column)
    weight = read_expression(weight_shape)
    for name, axis in right.names.items():
        if name not in left.names and name not in weight.names:
            raise PatternError(f"`{name}` is neither on the left nor in the weight", axis.column)
    for side in (left, right):
        for axis in side.names.values():
            if axis.size is not None:
                raise PatternError("EinMix needs names, not numbers", axis.column)
        if side.ellipsis and not (left.ellipsis and right.ellipsis):
            raise PatternError("`...` must stand on both sides", side.ellipsis.column)
    for group in left.groups:
        free = [a for a in group.axes if a.name not in lengths]
        if len(free) > 1:
            raise PatternError(f"the sizes of `{free[0].name}` and `{free[1].name}` are not given", free[1].column)
    return left, right, weight


@rule
def einmix_init(call: Call, pattern: Any, weight_shape: Any, axes_lengths: Any) -> None:
    """Pattern and weight go together, every axis of the weight has a size. Source: `einops.layers.torch.EinMix`."""
    text, weight_text = text_of(pattern), text_of(weight_shape)
    lengths = known_lengths(axes_lengths)
    try:
        _, _, weight = _read_mix(text, weight_text, frozenset(lengths))
    except PatternError as error:
        malformed(call, text, error)
    try:
        for name, axis in weight.names.items():
            if name not in lengths:
                raise PatternError(f"the size of `{name}` is not given", axis.column)
    except PatternError as error:
        malformed(call, weight_text, error, "weight_shape")


@rule
def einmix(call: Call, self: Any, input: TensorSpec) -> TensorSpec:
    """The axes on the right of the pattern, sizes from input and weight. Source: `einops.layers.torch.EinMix`."""
    text, lengths = text_of(self.pattern), known_lengths(self.axes_lengths)
    try:
        left, right, _ = _read_mix(text, text_of(self.weight_shape), frozenset(lengths))
    except PatternError as error:
        malformed(call, text, error)
    given: Mapping[str, Dim] = given_sizes(call, lengths)
    layout, rest = lay_out(call, input, left)
    sizes = solve(call, input, layout, given)
    return input.with_shape(build(call, right, sizes, rest))
