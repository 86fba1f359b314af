"""Layers that move elements: flatten, fold, shuffle."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim
from shapetypes.core.dtype import BOOLS, COMPLEXES, FLOATS
from shapetypes.core.shape import TensorSpec
from shapetypes.ops.apply import Layer
from shapetypes.ops.call import Call, rule
from shapetypes.ops.rules.layer_parts import (
    all_at_least,
    at_least,
    ints,
    leading,
    one_of,
    option,
    size_at_least,
)
from shapetypes.ops.rules.layout import unflatten

_FOLDED = FLOATS | COMPLEXES | BOOLS


@rule
def unflatten_layer(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"*b n *c" -> "*b sizes *c"` where the sizes multiply to `n`. Source: `torch.nn.Unflatten`."""
    return unflatten(call, call.tensor(input), option(self, "dim"), option(self, "unflattened_size"))


# -- sliding blocks --------------------------------------------------------------------------------------------------


class _Blocks:
    """The arguments of `fold` and `unfold`: two values each."""

    def __init__(self, call: Call, a: dict[str, Any]) -> None:
        names = ("kernel_size", "dilation", "padding", "stride")
        self.kernel, self.dilation, self.padding, self.stride = (ints(call, a[n], 2, n) for n in names)
        for values, name in ((self.kernel, "kernel_size"), (self.dilation, "dilation"), (self.stride, "stride")):
            all_at_least(call, values, 1, name)
        all_at_least(call, self.padding, 0, "padding")

    def places(self, sizes: tuple[Dim, Dim]) -> tuple[Dim, ...]:
        """How many blocks fit along each axis."""
        return tuple(
            d.floordiv(n + 2 * p - dil * (k - 1) - 1, s) + 1
            for n, p, dil, k, s in zip(sizes, self.padding, self.dilation, self.kernel, self.stride, strict=True)
        )

    @property
    def area(self) -> Dim:
        """The number of elements of a block."""
        return self.kernel[0] * self.kernel[1]


@rule
def unfold_blocks(call: Call, input: TensorSpec, **rest: Any) -> TensorSpec:
    """`"n? c h w" -> "n? c*k*l blocks"`. Source: `F.unfold`."""
    x = call.tensor(input)
    one_of(call, x, _FOLDED)
    call.rank(x, 3, 4)
    blocks = _Blocks(call, rest)
    for i in range(2):
        reach = blocks.dilation[i] * (blocks.kernel[i] - 1) + 1
        size_at_least(call, x, i - 2, reach - 2 * blocks.padding[i], "kernel_size")
    for i in range(3):
        size_at_least(call, x, -1 - i, 1)
    places = blocks.places((call.at(x, -2), call.at(x, -1)))
    return x.with_shape((*leading(x, 3), call.at(x, -3) * blocks.area, places[0] * places[1]))


@rule
def fold_blocks(call: Call, input: TensorSpec, output_size: Any, **rest: Any) -> TensorSpec:
    """`"n? c*k*l blocks" -> "n? c h w"`, as many blocks as fit. Source: `F.fold`."""
    x = call.tensor(input)
    one_of(call, x, _FOLDED)
    call.rank(x, 2, 3)
    blocks = _Blocks(call, rest)
    height, width = ints(call, output_size, 2, "output_size")
    all_at_least(call, (height, width), 1, "output_size")
    for i in range(2):
        size_at_least(call, x, -1 - i, 1)
    call.divides(blocks.area, call.at(x, -2), x, call.rank(x) - 2, "kernel_size")
    places = blocks.places((height, width))
    all_at_least(call, places, 1, "blocks")
    call.expect(x, -1, places[0] * places[1], "blocks")
    return x.with_shape((*leading(x, 2), call.judge.quotient(call.at(x, -2), blocks.area), height, width))


# -- shuffles --------------------------------------------------------------------------------------------------------


@rule
def pixel_shuffle(call: Call, input: TensorSpec, upscale_factor: Any) -> TensorSpec:
    """`"*b c*r*r h w" -> "*b c h*r w*r"`. Source: `F.pixel_shuffle`."""
    x = call.tensor(input)
    call.least(x, 3)
    r = call.size(upscale_factor)
    at_least(call, r, 1, "upscale_factor")
    axis = -3 if x.rank is None else x.rank - 3
    call.divides(r * r, call.at(x, -3), x, axis, "upscale_factor**2")
    channels = call.judge.quotient(call.at(x, -3), r * r)
    return x.with_shape((*leading(x, 3), channels, call.at(x, -2) * r, call.at(x, -1) * r))


@rule
def pixel_unshuffle(call: Call, input: TensorSpec, downscale_factor: Any) -> TensorSpec:
    """`"*b c h*r w*r" -> "*b c*r*r h w"`. Source: `F.pixel_unshuffle`."""
    x = call.tensor(input)
    call.least(x, 3)
    r = call.size(downscale_factor)
    at_least(call, r, 1, "downscale_factor")
    sizes = []
    for i in (-2, -1):
        call.divides(r, call.at(x, i), x, i if x.rank is None else x.rank + i, "downscale_factor")
        sizes.append(call.judge.quotient(call.at(x, i), r))
    return x.with_shape((*leading(x, 3), call.at(x, -3) * r * r, *sizes))


@rule
def channel_shuffle(call: Call, input: TensorSpec, groups: Any) -> TensorSpec:
    """`"n c *s" -> ` the same; `groups` divides `c`. Source: `F.channel_shuffle`."""
    x = call.tensor(input)
    call.least(x, 3)
    by = call.size(groups)
    at_least(call, by, 1, "groups")
    call.divides(by, call.at(x, 1), x, 1, "groups")
    return x.with_shape(x.parts)


# -- wrapped layers --------------------------------------------------------------------------------------------------


@rule
def same_layer(call: Call, module: Any) -> Any:
    """The layer itself, with other parameters behind its weight. Source: `torch.nn.utils.weight_norm`."""
    return module


@rule
def parameters_to_vector(call: Call, parameters: Any) -> TensorSpec:
    """The elements of all of them: `"sum"`. Source: `torch.nn.utils.parameters_to_vector`."""
    tensors = call.tensors(parameters)
    sizes = [call.elements(t) for t in tensors]
    total: Dim = 0
    for size in sizes:
        total = total + (d.unknown("parameters") if size is None else size)
    return TensorSpec((total,), tensors[0].dtype if tensors else None)
