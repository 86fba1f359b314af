"""Affine maps of the last axis, as functions and as layers."""

from __future__ import annotations

from typing import Any

from shapetypes.core.shape import TensorSpec
from shapetypes.ops.apply import Layer
from shapetypes.ops.call import Call, rule
from shapetypes.ops.rules.layer_parts import layer_dtype, leading, option


@rule
def linear_layer(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"*b in_features" -> "*b out_features"`. Source: `torch.nn.Linear`."""
    x = call.tensor(input)
    dtype = layer_dtype(call, self, x)
    return TensorSpec((*leading(x, 1), call.size(option(self, "out_features"))), dtype)


@rule
def linear(call: Call, input: TensorSpec, weight: TensorSpec, bias: Any) -> TensorSpec:
    """`"*b i", "o i", "o" -> "*b o"`; a weight `"i"` drops the axis. Source: `torch.nn.functional.linear`."""
    x, weight = call.tensor(input), call.tensor(weight)
    call.least(x, 1)
    call.same_dtype(x, weight)
    rank = call.rank(weight, 1, 2)
    call.expect(x, -1, call.at(weight, -1), f"weight.shape[{rank - 1}]")
    out = (call.at(weight, 0),) if rank == 2 else ()
    shape = (*leading(x, 1), *out)
    if isinstance(bias, TensorSpec):
        if rank == 1 and x.rank == 2:
            call.fail("rank-mismatch", "rank", argument=weight.label or None, got=weight.shape, want=(2,))
        call.same_dtype(weight, bias)
        call.expand_to(bias, shape)
    return TensorSpec(shape, weight.dtype if x.dtype is None else x.dtype)


@rule
def bilinear_layer(call: Call, self: Layer, input1: TensorSpec, input2: TensorSpec) -> TensorSpec:
    """`"*b in1_features", "*b in2_features" -> "*b out_features"`. Source: `torch.nn.Bilinear`."""
    first, second = call.tensor(input1), call.tensor(input2)
    dtype = layer_dtype(call, self, first, second)
    return TensorSpec((*leading(first, 1), call.size(option(self, "out_features"))), dtype)


@rule
def bilinear(call: Call, input1: TensorSpec, input2: TensorSpec, weight: TensorSpec, bias: Any) -> TensorSpec:
    """`"*b i", "*b j", "o i j", "o" -> "*b o"`. Source: `torch.bilinear`."""
    first, second, weight = call.tensor(input1), call.tensor(input2), call.tensor(weight)
    call.rank(weight, 3)
    for x, axis in ((first, 1), (second, 2)):
        call.same_dtype(x, weight)
        call.expect(x, -1, call.at(weight, axis), f"weight.shape[{axis}]")
    rows = TensorSpec(leading(first, 1), None, first.label), TensorSpec(leading(second, 1), None, second.label)
    call.same_shape(*rows)
    if isinstance(bias, TensorSpec):
        call.rank(bias, 1)
        call.match(weight, 0, bias, 0)
    return TensorSpec((*rows[0].parts, call.at(weight, 0)), weight.dtype if first.dtype is None else first.dtype)
