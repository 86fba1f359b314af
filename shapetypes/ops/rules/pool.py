"""Pooling with windows: max, average and power-average, and unpooling."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim
from shapetypes.core.dtype import FLOATS, as_set
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops.call import Call, rule
from shapetypes.ops.rules.layer_parts import (
    all_at_least,
    ints,
    leading,
    number,
    one_of,
    size_at_least,
    spatial_rank,
)

AVERAGED = FLOATS | {"int64"}


def _places(
    call: Call, x: TensorSpec, axis: int, kernel: Dim, stride: Dim, padding: Dim, dilation: Dim, ceil: bool | None
) -> Dim:
    """How many windows fit along an axis; with `ceil` a last one may reach over the end, if it starts inside."""
    size, reach = call.at(x, axis), dilation * (kernel - 1) + 1
    more = (stride - 1) if ceil else 0
    size_at_least(call, x, axis, reach - 2 * padding - more, "kernel_size")
    if ceil is None:
        return d.unknown("ceil_mode")
    out = d.floordiv(size + 2 * padding - reach + more, stride) + 1
    gap = call.judge.reduce(stride + padding - reach)
    if not ceil or (isinstance(gap, int) and gap <= 0):
        return out
    return d.minimum(out, d.floordiv(size + padding + stride - 1, stride))


def _half_padding(call: Call, padding: tuple[Dim, ...], kernel: tuple[Dim, ...]) -> None:
    for p, k in zip(padding, kernel, strict=True):
        got, most = number(call, p), number(call, k)
        if got is not None and most is not None and 2 * got > most:
            call.fail("dim-mismatch", "most", name="padding", got=got, want=most // 2, detail="half of kernel_size")


def _pooled(
    call: Call, x: TensorSpec, count: int, kernel: Any, stride: Any, padding: Any, dilation: Any, ceil: Any
) -> tuple[Any, ...]:
    spatial_rank(call, x, count)
    kernels = ints(call, kernel, count, "kernel_size")
    strides = kernels if stride is None or stride in ((), []) else ints(call, stride, count, "stride")
    paddings, dilations = ints(call, padding, count, "padding"), ints(call, dilation, count, "dilation")
    for values, name in ((kernels, "kernel_size"), (strides, "stride"), (dilations, "dilation")):
        all_at_least(call, values, 1, name)
    all_at_least(call, paddings, 0, "padding")
    _half_padding(call, paddings, kernels)
    for i in range(count + 1):
        size_at_least(call, x, -1 - i, 1)
    up = None if isinstance(ceil, Unknown) else bool(ceil)
    places = [_places(call, x, i - count, kernels[i], strides[i], paddings[i], dilations[i], up) for i in range(count)]
    return (*leading(x, count), *places)


# -- max -------------------------------------------------------------------------------------------------------------


def _max_pool(call: Call, input: TensorSpec, a: dict[str, Any], count: int) -> Any:
    call.dtype(input, "Real")
    shape = _pooled(call, input, count, a["kernel_size"], a["stride"], a["padding"], a["dilation"], a["ceil_mode"])
    out = TensorSpec(shape, input.dtype)
    return (out, TensorSpec(shape, "int64")) if call.flag(a.get("return_indices", False)) else out


@rule
def max_pool1d(call: Call, input: TensorSpec, **rest: Any) -> Any:
    """`"n? c t" -> "n? c t2"`, with `return_indices` also int64 of the same shape. Source: `F.max_pool1d`."""
    return _max_pool(call, call.tensor(input), rest, 1)


@rule
def max_pool2d(call: Call, input: TensorSpec, **rest: Any) -> Any:
    """`"n? c h w" -> "n? c h2 w2"`, with `return_indices` also int64 of the same shape. Source: `F.max_pool2d`."""
    return _max_pool(call, call.tensor(input), rest, 2)


@rule
def max_pool3d(call: Call, input: TensorSpec, **rest: Any) -> Any:
    """`"n? c d h w" -> "n? c d2 h2 w2"`, with `return_indices` also int64 of the same shape. Source: `F.max_pool3d`."""
    return _max_pool(call, call.tensor(input), rest, 3)


@rule
def max_pool1d_with_indices(call: Call, input: TensorSpec, **rest: Any) -> Any:
    """As `max_pool1d`, always with the indices. Source: `F.max_pool1d_with_indices`."""
    return _max_pool(call, call.tensor(input), {**rest, "return_indices": True}, 1)


@rule
def max_pool2d_with_indices(call: Call, input: TensorSpec, **rest: Any) -> Any:
    """As `max_pool2d`, always with the indices. Source: `F.max_pool2d_with_indices`."""
    return _max_pool(call, call.tensor(input), {**rest, "return_indices": True}, 2)


@rule
def max_pool3d_with_indices(call: Call, input: TensorSpec, **rest: Any) -> Any:
    """As `max_pool3d`, always with the indices. Source: `F.max_pool3d_with_indices`."""
    return _max_pool(call, call.tensor(input), {**rest, "return_indices": True}, 3)


# -- average ---------------------------------------------------------------------------------------------------------


def _avg_pool(call: Call, input: TensorSpec, a: dict[str, Any], count: int) -> TensorSpec:
    one_of(call, input, AVERAGED)
    if number(call, a.get("divisor_override")) == 0:
        call.fail("dim-mismatch", "least", name="divisor_override", got=0, want=1)
    shape = _pooled(call, input, count, a["kernel_size"], a["stride"], a["padding"], 1, a["ceil_mode"])
    _whole_windows(call, input, a["kernel_size"], count)
    return TensorSpec(shape, input.dtype)


@rule
def avg_pool1d(call: Call, input: TensorSpec, **rest: Any) -> TensorSpec:
    """`"n? c t" -> "n? c t2"`. Source: `F.avg_pool1d`."""
    return _avg_pool(call, call.tensor(input), rest, 1)


@rule
def avg_pool2d(call: Call, input: TensorSpec, **rest: Any) -> TensorSpec:
    """`"n? c h w" -> "n? c h2 w2"`. Source: `F.avg_pool2d`."""
    return _avg_pool(call, call.tensor(input), rest, 2)


@rule
def avg_pool3d(call: Call, input: TensorSpec, **rest: Any) -> TensorSpec:
    """`"n? c d h w" -> "n? c d2 h2 w2"`. Source: `F.avg_pool3d`."""
    return _avg_pool(call, call.tensor(input), rest, 3)


def _whole_windows(call: Call, x: TensorSpec, kernel: Any, count: int) -> None:
    """Averages over three axes take no window that is longer than the input, whatever the padding."""
    if count == 3:
        for i, k in enumerate(ints(call, kernel, count, "kernel_size")):
            size_at_least(call, x, i - count, k, "kernel_size")


def _lp_pool(call: Call, input: TensorSpec, a: dict[str, Any], count: int) -> TensorSpec:
    call.dtype(input, "Shaped")
    shape = _pooled(call, input, count, a["kernel_size"], a["stride"], 0, 1, a["ceil_mode"])
    _whole_windows(call, input, a["kernel_size"], count)
    names = as_set(input.dtype)
    return TensorSpec(shape, "float32" if names is not None and names.isdisjoint(FLOATS) else input.dtype)


@rule
def lp_pool1d(call: Call, input: TensorSpec, **rest: Any) -> TensorSpec:
    """`"n? c t" -> "n? c t2"`. Source: `F.lp_pool1d`."""
    return _lp_pool(call, call.tensor(input), rest, 1)


@rule
def lp_pool2d(call: Call, input: TensorSpec, **rest: Any) -> TensorSpec:
    """`"n? c h w" -> "n? c h2 w2"`. Source: `F.lp_pool2d`."""
    return _lp_pool(call, call.tensor(input), rest, 2)


@rule
def lp_pool3d(call: Call, input: TensorSpec, **rest: Any) -> TensorSpec:
    """`"n? c d h w" -> "n? c d2 h2 w2"`. Source: `F.lp_pool3d`."""
    return _lp_pool(call, call.tensor(input), rest, 3)


# -- back again ------------------------------------------------------------------------------------------------------


def _unpool(call: Call, input: TensorSpec, indices: TensorSpec, a: dict[str, Any], count: int) -> TensorSpec:
    spatial_rank(call, input, count)
    call.dtype(input, "Float")
    one_of(call, indices, frozenset({"int64"}))
    call.same_shape(input, indices)
    kernel, padding = ints(call, a["kernel_size"], count, "kernel_size"), ints(call, a["padding"], count, "padding")
    stride = kernel if a["stride"] is None else ints(call, a["stride"], count, "stride")
    sizes = tuple((call.at(input, i - count) - 1) * stride[i] + kernel[i] - 2 * padding[i] for i in range(count))
    wanted = a.get("output_size")
    if wanted is not None:
        sizes = _asked(call, sizes, stride, wanted)
    return TensorSpec((*leading(input, count), *sizes), input.dtype)


def _asked(call: Call, least: tuple[Dim, ...], stride: tuple[Dim, ...], wanted: Any) -> tuple[Dim, ...]:
    """The sizes asked for: less than one stride away from those that the windows give."""
    count = len(least)
    if not isinstance(wanted, (list, tuple)) or any(isinstance(v, Var) for v in wanted):
        return tuple(d.unknown("output_size") for _ in least)
    sizes = tuple(call.size(v) for v in (wanted[2:] if len(wanted) == count + 2 else wanted))
    if len(sizes) != count:
        call.fail("rank-mismatch", "count", name="values in `output_size`", got=len(wanted), want=count)
    for i, (size, usual, step) in enumerate(zip(sizes, least, stride, strict=True)):
        gap, reach = number(call, size - usual), number(call, step)
        if gap is not None and reach is not None and abs(gap) >= reach:
            kind, want = ("most", usual + reach - 1) if gap > 0 else ("least", usual - reach + 1)
            call.fail("dim-mismatch", kind, name=f"output_size[{i}]", got=size, want=want)
    return sizes


@rule
def max_unpool1d(call: Call, input: TensorSpec, indices: TensorSpec, **rest: Any) -> TensorSpec:
    """`"n? c t", "n? c t" -> "n? c t2"`. Source: `F.max_unpool1d`."""
    return _unpool(call, call.tensor(input), call.tensor(indices), rest, 1)


@rule
def max_unpool2d(call: Call, input: TensorSpec, indices: TensorSpec, **rest: Any) -> TensorSpec:
    """`"n? c h w", "n? c h w" -> "n? c h2 w2"`. Source: `F.max_unpool2d`."""
    return _unpool(call, call.tensor(input), call.tensor(indices), rest, 2)


@rule
def max_unpool3d(call: Call, input: TensorSpec, indices: TensorSpec, **rest: Any) -> TensorSpec:
    """`"n? c d h w", "n? c d h w" -> "n? c d2 h2 w2"`. Source: `F.max_unpool3d`."""
    return _unpool(call, call.tensor(input), call.tensor(indices), rest, 3)
