"""Padding, as a function and as layers."""

from __future__ import annotations

from typing import Any

from shapetypes.core.dim import Dim
from shapetypes.core.shape import TensorSpec, Var
from shapetypes.ops.apply import Layer
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules.layer_parts import ints, number, option, size_at_least

_MODES = frozenset({"constant", "reflect", "replicate", "circular"})


def _padded(call: Call, x: TensorSpec, pads: tuple[Dim, ...]) -> tuple[Any, ...]:
    """The sizes with `pads` (before and after, the last axis first) added."""
    parts = x.parts
    count = len(pads) // 2
    if count > len(parts) or any(isinstance(p, Var) for p in parts[len(parts) - count :]):
        raise Unclear("the rank is not known")
    out = list(parts)
    for i in range(count):
        added = pads[2 * i] + pads[2 * i + 1]
        size = call.at(x, -1 - i)
        out[-1 - i] = size + added
        got = number(call, out[-1 - i])
        if got is not None and got < 0:
            size_at_least(call, x, -1 - i, -1 * added, "pad")
    return tuple(out)


def _inside(call: Call, x: TensorSpec, pads: tuple[Dim, ...], more: int, mode: str) -> None:
    """What is reflected or wrapped around lies inside of the axis."""
    for i, pad in enumerate(pads):
        size_at_least(call, x, -1 - i // 2, pad + more, "pad", f'mode="{mode}"')


def _spatial_pad(call: Call, x: TensorSpec, pads: tuple[Dim, ...], mode: str) -> TensorSpec:
    count = len(pads) // 2
    if count not in (1, 2, 3):
        call.fail("rank-mismatch", "count", name="values in `pad`", got=len(pads), want=frozenset({2, 4, 6}))
    call.rank(x, count + 1, count + 2)
    if mode != "replicate":
        _inside(call, x, pads, 1 if mode == "reflect" else 0, mode)
    shape = _padded(call, x, pads)
    if mode != "circular":
        call.dtype(x, "Num")
        for i in range(count + 1):
            size_at_least(call, x, -1 - i, 1)
    if mode != "circular" and count == 1:
        size_at_least(call, x, -1, 1 - pads[0] - pads[1], "pad")
    return TensorSpec(shape, x.dtype)


def _pad(call: Call, x: TensorSpec, pads: tuple[Dim, ...], mode: Any) -> TensorSpec:
    if len(pads) % 2:
        call.fail("indivisible", "divide", argument="pad", got=len(pads), want=2)
    if not isinstance(mode, str):
        raise Unclear("the mode is not known")
    if mode not in _MODES:
        call.fail("dim-mismatch", "value", name="mode", got=mode, want=_MODES)
    if mode != "constant":
        return _spatial_pad(call, x, pads, mode)
    call.least(x, len(pads) // 2)
    for i in range(len(pads) // 2):
        cut = [n for n in (number(call, p) for p in pads[2 * i : 2 * i + 2]) if n is not None and n < 0]
        size_at_least(call, x, -1 - i, -sum(cut), "pad")
    return TensorSpec(_padded(call, x, pads), x.dtype)


@rule
def pad(call: Call, input: TensorSpec, pad: Any, mode: Any) -> TensorSpec:
    """`"*b n m" -> "*b n+p+q m+l+r"` for `pad` `(l, r, p, q)`, the last axis first. Source: `F.pad`."""
    if not isinstance(pad, (list, tuple)) or any(isinstance(v, Var) for v in pad):
        raise Unclear("the padding is not known")
    return _pad(call, call.tensor(input), tuple(call.size(v) for v in pad), mode)


def _layer(call: Call, self: Layer, input: Any, count: int, mode: str) -> TensorSpec:
    x = call.tensor(input)
    if mode != "constant":
        call.rank(x, count + 1, count + 2)
    return _pad(call, x, ints(call, option(self, "padding"), 2 * count, "padding"), mode)


@rule
def constant_pad1d(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"*b t" -> "*b t+l+r"`. Source: `torch.nn.ConstantPad1d`, `torch.nn.ZeroPad1d`."""
    return _layer(call, self, input, 1, "constant")


@rule
def constant_pad2d(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"*b h w" -> "*b h2 w2"`. Source: `torch.nn.ConstantPad2d`, `torch.nn.ZeroPad2d`."""
    return _layer(call, self, input, 2, "constant")


@rule
def constant_pad3d(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"*b d h w" -> "*b d2 h2 w2"`. Source: `torch.nn.ConstantPad3d`, `torch.nn.ZeroPad3d`."""
    return _layer(call, self, input, 3, "constant")


@rule
def reflection_pad1d(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n? c t" -> "n? c t+l+r"`, padding shorter than the axis. Source: `torch.nn.ReflectionPad1d`."""
    return _layer(call, self, input, 1, "reflect")


@rule
def reflection_pad2d(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n? c h w" -> "n? c h2 w2"`, padding shorter than the axes. Source: `torch.nn.ReflectionPad2d`."""
    return _layer(call, self, input, 2, "reflect")


@rule
def reflection_pad3d(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n? c d h w" -> "n? c d2 h2 w2"`, padding shorter than the axes. Source: `torch.nn.ReflectionPad3d`."""
    return _layer(call, self, input, 3, "reflect")


@rule
def replication_pad1d(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n? c t" -> "n? c t+l+r"`. Source: `torch.nn.ReplicationPad1d`."""
    return _layer(call, self, input, 1, "replicate")


@rule
def replication_pad2d(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n? c h w" -> "n? c h2 w2"`. Source: `torch.nn.ReplicationPad2d`."""
    return _layer(call, self, input, 2, "replicate")


@rule
def replication_pad3d(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n? c d h w" -> "n? c d2 h2 w2"`. Source: `torch.nn.ReplicationPad3d`."""
    return _layer(call, self, input, 3, "replicate")


@rule
def circular_pad1d(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n c t" -> "n c t+l+r"`, padding at most as long as the axis. Source: `torch.nn.CircularPad1d`."""
    return _layer(call, self, input, 1, "circular")


@rule
def circular_pad2d(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n c h w" -> "n c h2 w2"`, padding at most as long as the axes. Source: `torch.nn.CircularPad2d`."""
    return _layer(call, self, input, 2, "circular")


@rule
def circular_pad3d(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n c d h w" -> "n c d2 h2 w2"`, padding at most as long as the axes. Source: `torch.nn.CircularPad3d`."""
    return _layer(call, self, input, 3, "circular")
