"""Convolutions, as functions and as layers."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops.apply import Layer
from shapetypes.ops.call import Call, rule
from shapetypes.ops.rules.layer_parts import (
    all_at_least,
    at_least,
    ints,
    layer_dtype,
    leading,
    number,
    option,
    size_at_least,
    spatial_rank,
)


def window(
    call: Call,
    x: TensorSpec,
    axis: int,
    kernel: Dim,
    stride: Dim,
    padding: Dim,
    dilation: Dim,
    name: str = "kernel_size",
) -> Dim:
    """How many places a window has along an axis: `(n + padding - dilation*(kernel-1) - 1) // stride + 1`.

    Args:
        call: The call.
        x: The input.
        axis: Which of its axes, from the end.
        kernel: The length of the window (elements).
        stride: The step.
        padding: What is added on both sides together.
        dilation: The distance of the window's elements.
        name: The argument that the window comes from.
    """
    reach = dilation * (kernel - 1) + 1
    size_at_least(call, x, axis, reach - padding, name)
    return d.floordiv(call.at(x, axis) + padding - reach, stride) + 1


def _both_sides(
    call: Call, padding: Any, kernel: tuple[Dim, ...], stride: tuple[Dim, ...], dilation: tuple[Dim, ...]
) -> Any:
    """What the padding adds to each spatial axis, both sides together."""
    count = len(kernel)
    if padding == "valid":
        return (0,) * count
    if padding == "same":
        for s in stride:
            if isinstance(s, int) and s > 1:
                call.fail("dim-mismatch", "value", name="stride", got=s, want=1, detail='padding="same" has no stride')
        return tuple(dil * (k - 1) for dil, k in zip(dilation, kernel, strict=True))
    if isinstance(padding, str):
        call.fail("dim-mismatch", "value", name="padding", got=padding, want=frozenset({"same", "valid"}))
    once = ints(call, padding, count, "padding")
    all_at_least(call, once, 0, "padding")
    return tuple(2 * p for p in once)


def _windows(call: Call, x: TensorSpec, kernel: Any, stride: Any, padding: Any, dilation: Any) -> tuple[Dim, ...]:
    count = len(kernel)
    stride = ints(call, stride, count, "stride")
    dilation = ints(call, dilation, count, "dilation")
    for values, name in ((stride, "stride"), (dilation, "dilation"), (kernel, "kernel_size")):
        all_at_least(call, values, 1, name)
    added = _both_sides(call, padding, kernel, stride, dilation)
    for i in range(count):
        size_at_least(call, x, i - count, 1)
    return tuple(window(call, x, i - count, kernel[i], stride[i], added[i], dilation[i]) for i in range(count))


def _before_channels(x: TensorSpec, count: int) -> tuple[Any, ...]:
    return leading(x, count + 1)


def _convolve(
    call: Call,
    x: TensorSpec,
    weight: TensorSpec,
    bias: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: Any,
    count: int,
) -> TensorSpec:
    x, weight = call.tensor(x), call.tensor(weight)
    call.rank(weight, count + 2)
    spatial_rank(call, x, count)
    call.same_dtype(x, weight)
    groups = call.size(groups)
    at_least(call, groups, 1, "groups")
    call.expect(
        x, -1 - count, call.at(weight, 1) * groups, "groups*weight.shape[1]" if groups != 1 else "weight.shape[1]"
    )
    size_at_least(call, weight, 0, groups, "groups")
    call.divides(groups, call.at(weight, 0), weight, 0)
    _bias(call, bias, weight, 0)
    sizes = _windows(call, x, _kernel(call, weight, count), stride, padding, dilation)
    return TensorSpec((*_before_channels(x, count), call.at(weight, 0), *sizes), _dtype(x, weight))


def _dtype(input: TensorSpec, weight: TensorSpec) -> Any:
    return weight.dtype if input.dtype is None else input.dtype


def _kernel(call: Call, weight: TensorSpec, count: int) -> tuple[Dim, ...]:
    return tuple(call.at(weight, i - count) for i in range(count))


def _bias(call: Call, bias: Any, weight: TensorSpec, axis: int, times: Dim = 1) -> None:
    if not isinstance(bias, TensorSpec):
        return
    call.rank(bias, 1)
    call.same_dtype(weight, bias)
    call.expect(bias, 0, call.at(weight, axis) * times, f"weight.shape[{axis}]")


@rule
def conv1d(
    call: Call, input: TensorSpec, weight: TensorSpec, bias: Any, stride: Any, padding: Any, dilation: Any, groups: Any
) -> TensorSpec:
    """`"n? i*g t", "o i k" -> "n? o t2"`. Source: `torch.conv1d`."""
    return _convolve(call, input, weight, bias, stride, padding, dilation, groups, 1)


@rule
def conv2d(
    call: Call, input: TensorSpec, weight: TensorSpec, bias: Any, stride: Any, padding: Any, dilation: Any, groups: Any
) -> TensorSpec:
    """`"n? i*g h w", "o i k l" -> "n? o h2 w2"`. Source: `torch.conv2d`."""
    return _convolve(call, input, weight, bias, stride, padding, dilation, groups, 2)


@rule
def conv3d(
    call: Call, input: TensorSpec, weight: TensorSpec, bias: Any, stride: Any, padding: Any, dilation: Any, groups: Any
) -> TensorSpec:
    """`"n? i*g d h w", "o i k l m" -> "n? o d2 h2 w2"`. Source: `torch.conv3d`."""
    return _convolve(call, input, weight, bias, stride, padding, dilation, groups, 3)


def _in_channels(call: Call, self: Layer, x: TensorSpec, count: int) -> None:
    """The channels of an input; a lazy layer takes them as they are, if `groups` divides them."""
    channels, groups = option(self, "in_channels"), option(self, "groups")
    if not isinstance(channels, Unknown):
        call.expect(x, -1 - count, call.size(channels), "in_channels")
    elif not isinstance(groups, Unknown):
        axis = -1 - count if x.rank is None else x.rank - 1 - count
        call.divides(call.size(groups), call.at(x, axis), x, axis, "groups")


def _layer(call: Call, self: Layer, x: TensorSpec, count: int) -> TensorSpec:
    x = call.tensor(x)
    spatial_rank(call, x, count)
    _in_channels(call, self, x, count)
    kernel = ints(call, option(self, "kernel_size"), count, "kernel_size")
    stride, dilation, padding = (option(self, n) for n in ("stride", "dilation", "padding"))
    dtype = layer_dtype(call, self, x)
    sizes = _windows(call, x, kernel, stride, padding, dilation)
    _padding_mode(call, self, x, padding, kernel, dilation)
    return TensorSpec((*_before_channels(x, count), call.size(option(self, "out_channels")), *sizes), dtype)


def _padding_mode(call: Call, self: Layer, x: TensorSpec, padding: Any, kernel: Any, dilation: Any) -> None:
    """Reflected padding is shorter than the axis, circular padding at most as long."""
    mode = option(self, "padding_mode")
    more = {"reflect": 1, "circular": 0}.get(mode) if isinstance(mode, str) else None
    if more is None or padding == "valid":
        return
    count = len(kernel)
    if padding == "same":
        total = [dil * (k - 1) for dil, k in zip(ints(call, dilation, count, "dilation"), kernel, strict=True)]
        sides = tuple(t - d.floordiv(t, 2) for t in total)
    else:
        sides = ints(call, padding, count, "padding")
    for i, side in enumerate(sides):
        size_at_least(call, x, i - count, side + more, "padding", f'padding_mode="{mode}"')


@rule
def conv1d_layer(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n? in_channels t" -> "n? out_channels t2"`. Source: `torch.nn.Conv1d`."""
    return _layer(call, self, input, 1)


@rule
def conv2d_layer(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n? in_channels h w" -> "n? out_channels h2 w2"`. Source: `torch.nn.Conv2d`."""
    return _layer(call, self, input, 2)


@rule
def conv3d_layer(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n? in_channels d h w" -> "n? out_channels d2 h2 w2"`. Source: `torch.nn.Conv3d`."""
    return _layer(call, self, input, 3)


@rule
def conv_tbc(call: Call, input: TensorSpec, weight: TensorSpec, bias: TensorSpec, pad: Any) -> TensorSpec:
    """`"t b i", "k i o", "o" -> "t+2*pad-k+1 b o"`. Source: `torch.conv_tbc`."""
    x, weight, bias = call.tensor(input), call.tensor(weight), call.tensor(bias)
    call.rank(x, 3)
    call.rank(weight, 3)
    call.rank(bias, 1)
    call.match(x, 2, weight, 1)
    call.match(weight, 2, bias, 0)
    time = call.at(x, 0) + 2 * call.size(pad) - call.at(weight, 0) + 1
    if isinstance(time, int) and time < 0:
        size_at_least(call, x, 0, call.at(x, 0) - time, "weight")
    return TensorSpec((time, call.at(x, 1), call.at(weight, 2)), _dtype(x, weight))


# -- constructors ----------------------------------------------------------------------------------------------------


def _groups(call: Call, groups: Any, in_channels: Any, out_channels: Any) -> None:
    if isinstance(groups, Unknown):
        return
    at_least(call, groups, 1, "groups")
    for value, name in ((in_channels, "in_channels"), (out_channels, "out_channels")):
        if value is None or isinstance(value, Unknown):
            continue
        if isinstance(value, int) and isinstance(groups, int) and value % groups:
            call.fail("indivisible", "divide", argument=name, got=value, want=groups, name="groups")


@rule
def conv_init(call: Call, out_channels: Any, groups: Any, stride: Any, padding: Any, in_channels: Any = None) -> None:
    """`groups` divides both channel counts; named padding is known and has no stride. Source: `torch.nn.Conv2d`."""
    _groups(call, groups, in_channels, out_channels)
    if isinstance(padding, str) and padding not in ("same", "valid"):
        call.fail("dim-mismatch", "value", argument="padding", got=padding, want=frozenset({"same", "valid"}))
    steps = stride if isinstance(stride, (list, tuple)) else (stride,)
    if padding == "same" and any(isinstance(s, int) and s != 1 for s in steps):
        call.fail("dim-mismatch", "value", argument="stride", got=stride, want=1, detail='padding="same" has no stride')


@rule
def conv_transpose_init(call: Call, out_channels: Any, groups: Any, padding_mode: Any, in_channels: Any = None) -> None:
    """`groups` divides both channel counts; only zeros are padded. Source: `torch.nn.ConvTranspose2d`."""
    _groups(call, groups, in_channels, out_channels)
    if isinstance(padding_mode, str) and padding_mode != "zeros":
        call.fail("dim-mismatch", "value", argument="padding_mode", got=padding_mode, want="zeros")


# -- transposed ------------------------------------------------------------------------------------------------------


class _Transposed:
    """The arguments of a transposed convolution, one value a spatial axis."""

    def __init__(
        self, call: Call, kernel: tuple[Dim, ...], stride: Any, padding: Any, output_padding: Any, dilation: Any
    ) -> None:
        count = len(kernel)
        self.kernel = kernel
        self.stride = ints(call, stride, count, "stride")
        self.padding = ints(call, padding, count, "padding")
        self.extra = ints(call, output_padding, count, "output_padding")
        self.dilation = ints(call, dilation, count, "dilation")
        for values, name in ((self.stride, "stride"), (self.dilation, "dilation"), (kernel, "kernel_size")):
            all_at_least(call, values, 1, name)
        for values, name in ((self.padding, "padding"), (self.extra, "output_padding")):
            all_at_least(call, values, 0, name)

    def least(self, call: Call, x: TensorSpec, i: int) -> Dim:
        """The size without `output_padding`."""
        reach = self.dilation[i] * (self.kernel[i] - 1) + 1
        return (call.at(x, i - len(self.kernel)) - 1) * self.stride[i] - 2 * self.padding[i] + reach

    def sizes(self, call: Call, x: TensorSpec) -> tuple[Dim, ...]:
        """The spatial sizes of the result."""
        out = []
        for i, (extra, s, dil) in enumerate(zip(self.extra, self.stride, self.dilation, strict=True)):
            if isinstance(extra, int) and isinstance(s, int) and isinstance(dil, int) and extra >= max(s, dil):
                call.fail("dim-mismatch", "most", name="output_padding", got=extra, want=max(s, dil) - 1)
            size = self.least(call, x, i) + extra
            if isinstance(size, int) and size < 0 and isinstance(s, int):
                axis = i - len(self.kernel)
                size_at_least(call, x, axis, call.at(x, axis) + d.ceildiv(-size, s))
            out.append(size)
        return tuple(out)


def _transpose(
    call: Call,
    x: TensorSpec,
    weight: TensorSpec,
    bias: Any,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: Any,
    dilation: Any,
    count: int,
) -> TensorSpec:
    x, weight = call.tensor(x), call.tensor(weight)
    call.rank(weight, count + 2)
    spatial_rank(call, x, count)
    call.same_dtype(x, weight)
    groups = call.size(groups)
    at_least(call, groups, 1, "groups")
    call.expect(x, -1 - count, call.at(weight, 0), "weight.shape[0]")
    call.divides(groups, call.at(weight, 0), weight, 0)
    _bias(call, bias, weight, 1, groups)
    shape = _Transposed(call, _kernel(call, weight, count), stride, padding, output_padding, dilation)
    channels = call.at(weight, 1) * groups
    return TensorSpec((*_before_channels(x, count), channels, *shape.sizes(call, x)), _dtype(x, weight))


@rule
def conv_transpose1d(
    call: Call,
    input: TensorSpec,
    weight: TensorSpec,
    bias: Any,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: Any,
    dilation: Any,
) -> TensorSpec:
    """`"n? i t", "i o k" -> "n? o*g t2"`. Source: `torch.conv_transpose1d`."""
    return _transpose(call, input, weight, bias, stride, padding, output_padding, groups, dilation, 1)


@rule
def conv_transpose2d(
    call: Call,
    input: TensorSpec,
    weight: TensorSpec,
    bias: Any,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: Any,
    dilation: Any,
) -> TensorSpec:
    """`"n? i h w", "i o k l" -> "n? o*g h2 w2"`. Source: `torch.conv_transpose2d`."""
    return _transpose(call, input, weight, bias, stride, padding, output_padding, groups, dilation, 2)


@rule
def conv_transpose3d(
    call: Call,
    input: TensorSpec,
    weight: TensorSpec,
    bias: Any,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: Any,
    dilation: Any,
) -> TensorSpec:
    """`"n? i d h w", "i o k l m" -> "n? o*g d2 h2 w2"`. Source: `torch.conv_transpose3d`."""
    return _transpose(call, input, weight, bias, stride, padding, output_padding, groups, dilation, 3)


def _transpose_layer(call: Call, self: Layer, x: TensorSpec, output_size: Any, count: int) -> TensorSpec:
    x = call.tensor(x)
    spatial_rank(call, x, count)
    _in_channels(call, self, x, count)
    kernel = ints(call, option(self, "kernel_size"), count, "kernel_size")
    stride, padding, extra, dilation = (option(self, n) for n in ("stride", "padding", "output_padding", "dilation"))
    dtype = layer_dtype(call, self, x)
    shape = _Transposed(call, kernel, stride, padding, 0 if output_size is not None else extra, dilation)
    sizes = shape.sizes(call, x) if output_size is None else _chosen(call, x, shape, output_size)
    return TensorSpec((*_before_channels(x, count), call.size(option(self, "out_channels")), *sizes), dtype)


def _chosen(call: Call, x: TensorSpec, shape: _Transposed, output_size: Any) -> tuple[Dim, ...]:
    """The sizes that the caller asks for: each at most `stride - 1` above the least."""
    count = len(shape.kernel)
    if not isinstance(output_size, (list, tuple)) or any(isinstance(v, Var) for v in output_size):
        return tuple(d.unknown("output_size") for _ in range(count))
    wanted = tuple(call.size(v) for v in output_size)
    if len(wanted) == call.rank(x):
        wanted = wanted[-count:]
    if len(wanted) != count:
        call.fail("rank-mismatch", "count", name="values in `output_size`", got=len(wanted), want=count)
    for i, size in enumerate(wanted):
        least = shape.least(call, x, i)
        extra, step = number(call, size - least), number(call, shape.stride[i])
        if extra is not None and extra < 0:
            call.fail("dim-mismatch", "least", name=f"output_size[{i}]", got=size, want=least)
        if extra is not None and step is not None and extra >= step:
            call.fail("dim-mismatch", "most", name=f"output_size[{i}]", got=size, want=least + step - 1)
    return wanted


@rule
def conv_transpose1d_layer(call: Call, self: Layer, input: TensorSpec, output_size: Any) -> TensorSpec:
    """`"n? in_channels t" -> "n? out_channels t2"`. Source: `torch.nn.ConvTranspose1d`."""
    return _transpose_layer(call, self, input, output_size, 1)


@rule
def conv_transpose2d_layer(call: Call, self: Layer, input: TensorSpec, output_size: Any) -> TensorSpec:
    """`"n? in_channels h w" -> "n? out_channels h2 w2"`. Source: `torch.nn.ConvTranspose2d`."""
    return _transpose_layer(call, self, input, output_size, 2)


@rule
def conv_transpose3d_layer(call: Call, self: Layer, input: TensorSpec, output_size: Any) -> TensorSpec:
    """`"n? in_channels d h w" -> "n? out_channels d2 h2 w2"`. Source: `torch.nn.ConvTranspose3d`."""
    return _transpose_layer(call, self, input, output_size, 3)
