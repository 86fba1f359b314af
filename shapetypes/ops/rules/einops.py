"""einops: rearrange, reduce, repeat, parse_shape, and the layers made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim
from shapetypes.core.dtype import BOOLS, COMPLEXES, FLOATS, INTS, as_set
from shapetypes.core.judge import Side
from shapetypes.core.shape import UNIT, TensorSpec, Unknown, Var, axis_at, least_rank
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules.einops_pattern import (
    Expression,
    Group,
    PatternAxis,
    PatternError,
    read_expression,
    read_transform,
)


def text_of(pattern: Any) -> str:
    """The pattern as a string.

    Raises:
        Unclear: it is not known.
    """
    if not isinstance(pattern, str):
        raise Unclear("the pattern is not known")
    return pattern


def malformed(call: Call, pattern: str, error: PatternError, argument: str = "pattern") -> NoReturn:
    """Refuse a pattern that cannot be read, with the column at which it goes wrong.

    Raises:
        ShapeError: always (`bad-annotation`).
    """
    call.fail("bad-annotation", "annotation", argument=argument, spec=pattern, column=error.column, detail=error.detail)


def stacked(call: Call, tensor: Any) -> TensorSpec:
    """The tensor, or a list of tensors of one shape as one tensor.

    Raises:
        ShapeError: their shapes surely differ.
        Unclear: it is not known to be a tensor.
    """
    if not isinstance(tensor, (list, tuple)):
        return call.tensor(tensor)
    items = call.tensors(tensor)
    if not items:
        raise Unclear("a list without tensors")
    for other in items[1:]:
        call.same_shape(items[0], other)
    return TensorSpec((len(items), *items[0].parts), items[0].dtype, "tensor")


def lay_out(call: Call, x: TensorSpec, side: Expression) -> tuple[list[tuple[Group, int, Dim]], tuple[Any, ...]]:
    """Each group of the left side with the axis it is and its size, and the sizes that the ellipsis stands for.

    Raises:
        ShapeError: the number of axes surely does not fit.
    """
    groups, parts, rank = side.groups, x.parts, x.rank
    count, at = len(groups), side.open
    named = count if at is None else count - 1
    least = least_rank(parts)
    few = rank is not None and rank < named
    many = at is None and max(least, rank or 0) > named
    if few or many:
        call.fail("rank-mismatch", "rank", argument=x.label or None, got=x.shape, want=side.text)
    if at is None:
        return [(g, i, _size(parts, i, i - count)) for i, g in enumerate(groups)], ()
    after = count - at - 1
    end = rank or 0  # with an unknown rank the last axes are counted from the end
    front = [(g, i, _size(parts, i, None)) for i, g in enumerate(groups[:at])]
    back = [(g, end + i - after, _size(parts, i - after, None)) for i, g in enumerate(groups[at + 1 :])]
    return front + back, _between(parts, at, after)


def _between(parts: tuple[Any, ...], before: int, after: int) -> tuple[Any, ...]:
    """What the ellipsis stands for; a variadic part that also covers named axes hides it."""
    var = next((i for i, p in enumerate(parts) if isinstance(p, Var)), None)
    last = next((i for i, p in enumerate(reversed(parts)) if isinstance(p, Var)), None)
    if var is not None and last is not None and (var < before or last < after):
        return (_hidden(),)
    return parts[before : len(parts) - after]


def _hidden() -> Any:
    return TensorSpec(None).parts[0]


def _size(parts: tuple[Any, ...], front: int, back: int | None) -> Dim:
    size = axis_at(parts, front)
    if size is None and back is not None:
        size = axis_at(parts, back)
    return d.unknown("axis") if size is None else size


def given_sizes(call: Call, lengths: Mapping[str, Any]) -> dict[str, Dim]:
    """The sizes given as keyword arguments; unknown ones as fresh unknown sizes."""
    return {name: call.size(value) for name, value in lengths.items()}


def solve(call: Call, x: TensorSpec, layout: list[tuple[Group, int, Dim]], given: Mapping[str, Dim]) -> dict[str, Dim]:
    """The size of each axis of the pattern, from the sizes that stand in the tensor and those given.

    Raises:
        ShapeError: a size surely does not fit, or does not divide.
    """
    sizes: dict[str, Dim] = dict(given)
    for group, axis, size in layout:
        free = [a for a in group.axes if a.size is None and a.name not in given]
        known = d.product(_of(a, given) for a in group.axes if a not in free)
        if not free:
            _equal(call, x, axis, size, known, group.text)
        elif len(group.axes) == 1:
            sizes[free[0].name] = size
        else:
            call.divides(known, size, x, axis, group.text)
            sizes[free[0].name] = call.judge.quotient(size, known)
    return sizes


def _of(axis: PatternAxis, sizes: Mapping[str, Dim]) -> Dim:
    return axis.size if axis.size is not None else sizes[axis.name]


def _equal(call: Call, x: TensorSpec, axis: int, size: Dim, want: Dim, name: str) -> None:
    parts = x.parts
    if axis_at(parts, axis) is not None:
        call.expect(x, axis, want, name)
    elif call.judge.same(size, want, Side()):
        call.fail("dim-mismatch", "axis", argument=x.label or None, axis=axis, name=name, got=size, want=want)


def build(call: Call, side: Expression, sizes: Mapping[str, Dim], rest: tuple[Any, ...]) -> tuple[Any, ...]:
    """The shape that the right side stands for."""
    out: list[Any] = []
    for group in side.groups:
        if group.is_ellipsis:
            out += rest
        elif not group.axes:
            out.append(UNIT)
        else:
            out.append(_product(call, group, sizes, rest))
    return tuple(out)


def _product(call: Call, group: Group, sizes: Mapping[str, Dim], rest: tuple[Any, ...]) -> Dim:
    factors: list[Any] = []
    for axis in group.axes:
        factors += rest if axis.name == "..." else (_of(axis, sizes),)
    if any(isinstance(f, Var) for f in factors):
        return d.unknown("the axes of `...`")
    size = d.product(factors)
    return call.judge.reduce(size) if d.has_ops(size) else size


def _read(call: Call, text: str, operation: str, lengths: Mapping[str, Any]) -> tuple[Expression, Expression]:
    """Both sides of a pattern; `operation` is `""` where it is not known.

    Raises:
        ShapeError: it cannot be read.
        Unclear: what is done is not known, and the pattern fits only some of it.
    """
    try:
        return read_transform(text, operation or "reduce", frozenset(lengths))
    except PatternError as error:
        if not operation and _is_read(text, "repeat", lengths):
            raise Unclear("the reduction is not known") from error
        malformed(call, text, error)


def _is_read(text: str, operation: str, lengths: Mapping[str, Any]) -> bool:
    try:
        read_transform(text, operation, frozenset(lengths))
    except PatternError:
        return False
    return True


def transform(
    call: Call, tensor: Any, pattern: Any, operation: str, lengths: Mapping[str, Any]
) -> tuple[TensorSpec, bool]:
    """The tensor after a pattern, and whether axes went.

    Raises:
        ShapeError: the pattern cannot be read, or the tensor does not fit it.
        Unclear: the pattern or the tensor is not known.
    """
    left, right = _read(call, text_of(pattern), operation, lengths)
    given = given_sizes(call, lengths)
    x = stacked(call, tensor)
    layout, rest = lay_out(call, x, left)
    sizes = solve(call, x, layout, given)
    gone = any(name not in right.names for name in left.names)
    return x.with_shape(build(call, right, sizes, rest)), gone


@rule
def einops_rearrange(call: Call, tensor: Any, pattern: Any, axes_lengths: Mapping[str, Any]) -> TensorSpec:
    """The axes on the right of the pattern: `"b n (h e) -> b h n e"`. Source: `einops.rearrange`."""
    return transform(call, tensor, pattern, "rearrange", axes_lengths)[0]


@rule
def einops_repeat(call: Call, tensor: Any, pattern: Any, axes_lengths: Mapping[str, Any]) -> TensorSpec:
    """The axes on the right of the pattern, new ones of the given sizes. Source: `einops.repeat`."""
    return transform(call, tensor, pattern, "repeat", axes_lengths)[0]


@rule
def einops_reduce(call: Call, tensor: Any, pattern: Any, reduction: Any, axes_lengths: Mapping[str, Any]) -> TensorSpec:
    """The axes on the right of the pattern; those that are only on the left go. Source: `einops.reduce`."""
    out, gone = transform(call, tensor, pattern, _operation(reduction), axes_lengths)
    return TensorSpec(out.shape, _reduced(out.dtype, reduction) if gone else out.dtype)


def _operation(reduction: Any) -> str:
    """What a reduction does: einops' own functions name themselves, `"repeat"` makes new axes; `""` is not known."""
    if not isinstance(reduction, str):
        return ""
    return reduction if reduction in ("rearrange", "repeat") else "reduce"


def _reduced(dtype: Any, reduction: Any) -> Any:
    names = as_set(dtype)
    if names is None or not isinstance(reduction, str) or reduction in ("min", "max"):
        return dtype if isinstance(reduction, str) else None
    if reduction in ("any", "all"):
        return None if "uint8" in names else "bool"
    if names <= FLOATS | COMPLEXES:
        return dtype
    return "int64" if reduction in ("sum", "prod") and names <= BOOLS | INTS else None


@rule
def einops_rearrange_init(call: Call, pattern: Any, axes_lengths: Mapping[str, Any]) -> None:
    """The pattern can be read. Source: `einops.layers.torch.Rearrange`."""
    _read(call, text_of(pattern), "rearrange", axes_lengths)


@rule
def einops_reduce_init(call: Call, pattern: Any, reduction: Any, axes_lengths: Mapping[str, Any]) -> None:
    """The pattern can be read. Source: `einops.layers.torch.Reduce`."""
    _read(call, text_of(pattern), _operation(reduction), axes_lengths)


@rule
def einops_rearrange_layer(call: Call, self: Any, input: TensorSpec) -> TensorSpec:
    """As `rearrange` with the layer's pattern and sizes. Source: `einops.layers.torch.Rearrange`."""
    return einops_rearrange(call, input, self.pattern, self.axes_lengths)


@rule
def einops_reduce_layer(call: Call, self: Any, input: TensorSpec) -> TensorSpec:
    """As `reduce` with the layer's pattern and sizes. Source: `einops.layers.torch.Reduce`."""
    return einops_reduce(call, input, self.pattern, self.reduction, self.axes_lengths)


@rule
def einops_parse_shape(call: Call, x: TensorSpec, pattern: Any) -> Any:
    """The sizes of the named axes: `"b _ h"` gives `{"b": b, "h": h}`. Source: `einops.parse_shape`."""
    text = text_of(pattern)
    try:
        side = read_expression(text, underscore=True)
        several = next((g for g in side.groups if len(g.axes) > 1 or (g.axes and g.text != g.axes[0].name)), None)
        if several and len(several.axes) > 1:
            raise PatternError("an axis cannot be split here", several.column)
    except PatternError as error:
        malformed(call, text, error)
    layout, _ = lay_out(call, x, side)
    out: dict[str, Any] = {}
    for group, axis, size in layout:
        named = [a for a in group.axes if a.size is None]
        if named and not named[0].name.startswith("_"):
            out[named[0].name] = size
        elif not named:
            _equal(call, x, axis, size, d.product(a.size or 1 for a in group.axes), group.text)
    return out


@rule
def einops_asnumpy(call: Call, tensor: TensorSpec) -> TensorSpec:
    """`"*s" -> "*s"`. Source: `einops.asnumpy`."""
    return tensor.with_shape(tensor.parts)


def known_lengths(lengths: Any) -> Mapping[str, Any]:
    """The sizes given to a layer.

    Raises:
        Unclear: they are not known.
    """
    if isinstance(lengths, Unknown) or not isinstance(lengths, Mapping):
        raise Unclear("the sizes are not known")
    return lengths
