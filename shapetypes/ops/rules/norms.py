"""Normalization, as functions and as layers."""

from __future__ import annotations

from typing import Any

from shapetypes.core.dim import Poly
from shapetypes.core.dtype import FLOATS, as_set, canonical, disjoint
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops.apply import Layer
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules.layer_parts import at_least, number, option

_HALVES = frozenset({"float16", "bfloat16"})


def _parameter_dtype(call: Call, x: TensorSpec, t: TensorSpec | None, dtype: Any) -> None:
    """Statistics and scales have the input's dtype, or are float32 beside a half-precision input."""
    have = as_set(x.dtype)
    if have is None or not disjoint(have, dtype):
        return
    if have & _HALVES and not disjoint("float32", dtype):
        return
    if t is None:
        call.fail("dtype-mismatch", "dtype", argument=x.label or None, got=x.dtype, want=dtype)
    call.same_dtype(x, t)


def _own_dtype(call: Call, self: Layer, x: TensorSpec) -> None:
    own = self.args.get("dtype")
    _parameter_dtype(call, x, None, canonical(own) if isinstance(own, str) else None)


def _same(x: TensorSpec) -> TensorSpec:
    return x.with_shape(x.parts)


def _several(call: Call, sizes: Any, x: TensorSpec, what: str) -> None:
    """Refuse statistics over a single value."""
    if call.elements(TensorSpec(sizes)) == 1:
        call.fail("dim-mismatch", "least", name=what, got=1, want=2, argument=x.label or None)


# -- batch -----------------------------------------------------------------------------------------------------------


def _features(call: Call, self: Layer, x: TensorSpec, axis: int) -> None:
    """The channels of an input; a lazy layer takes the size of axis 1 for them."""
    features = option(self, "num_features")
    if isinstance(features, Unknown) and "num_features" not in self.args and x.rank is not None:
        features = call.at(x, 1)
    if not isinstance(features, Unknown):
        call.expect(x, axis, call.size(features), "num_features")


def _batch_layer(call: Call, self: Layer, input: Any, *ranks: int) -> TensorSpec:
    x = call.tensor(input)
    call.dtype(x, "Float")
    if not ranks:
        call.least(x, 2)
    elif x.rank is not None or x.shape is not None:
        call.rank(x, *ranks)
    if option(self, "affine") is True or option(self, "track_running_stats") is True:
        _features(call, self, x, 1)
        _own_dtype(call, self, x)
    return _same(x)


@rule
def batch_norm1d_layer(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n num_features t?" -> ` the same. Source: `torch.nn.BatchNorm1d`."""
    return _batch_layer(call, self, input, 2, 3)


@rule
def batch_norm2d_layer(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n num_features h w" -> ` the same. Source: `torch.nn.BatchNorm2d`."""
    return _batch_layer(call, self, input, 4)


@rule
def batch_norm3d_layer(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n num_features d h w" -> ` the same. Source: `torch.nn.BatchNorm3d`."""
    return _batch_layer(call, self, input, 5)


@rule
def sync_batch_norm_layer(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n num_features *s" -> ` the same. Source: `torch.nn.SyncBatchNorm`."""
    return _batch_layer(call, self, input)


def _statistics(call: Call, x: TensorSpec, tensors: dict[str, Any]) -> None:
    for t in tensors.values():
        if isinstance(t, TensorSpec):
            call.rank(t, 1)
            call.match(x, 1, t, 0)
            _parameter_dtype(call, x, t, t.dtype)


@rule
def batch_norm(
    call: Call, input: TensorSpec, running_mean: Any, running_var: Any, weight: Any, bias: Any, training: Any
) -> TensorSpec:
    """`"n c *s", "c", "c", "c", "c" -> "n c *s"`; training needs several values a channel. Source: `F.batch_norm`."""
    x = call.tensor(input)
    call.dtype(x, "Float")
    if x.rank == 1 and call.judge.equal(call.at(x, 0), 0):
        return _same(x)  # torch returns it before it looks for channels
    call.least(x, 2)
    _statistics(call, x, {"m": running_mean, "v": running_var, "w": weight, "b": bias})
    if training is True and x.rank is not None:
        _several(call, (*x.parts[:1], *x.parts[2:]), x, "values a channel")
    if training is False and (running_mean is None or running_var is None):
        call.fail("dim-mismatch", "value", detail="without training, running_mean and running_var are needed")
    return _same(x)


# -- instance --------------------------------------------------------------------------------------------------------


def _instance_layer(call: Call, self: Layer, input: Any, count: int) -> TensorSpec:
    x = call.tensor(input)
    call.dtype(x, "Float")
    call.rank(x, count + 1, count + 2)
    if option(self, "affine") is True or option(self, "track_running_stats") is True:
        _features(call, self, x, -1 - count)
        _own_dtype(call, self, x)
    if option(self, "track_running_stats") is False:
        _several(call, x.parts[-count:], x, "values a channel")
    return _same(x)


@rule
def instance_norm1d_layer(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n? num_features t" -> ` the same. Source: `torch.nn.InstanceNorm1d`."""
    return _instance_layer(call, self, input, 1)


@rule
def instance_norm2d_layer(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n? num_features h w" -> ` the same. Source: `torch.nn.InstanceNorm2d`."""
    return _instance_layer(call, self, input, 2)


@rule
def instance_norm3d_layer(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n? num_features d h w" -> ` the same. Source: `torch.nn.InstanceNorm3d`."""
    return _instance_layer(call, self, input, 3)


@rule
def instance_norm(
    call: Call, input: TensorSpec, running_mean: Any, running_var: Any, weight: Any, bias: Any, use_input_stats: Any
) -> TensorSpec:
    """`"n c *s", "c", "c", "c", "c" -> "n c *s"`. Source: `F.instance_norm`."""
    x = call.tensor(input)
    call.dtype(x, "Float")
    if x.rank == 1 and call.judge.equal(call.at(x, 0), 0):
        return _same(x)  # torch returns it before it looks for channels
    call.least(x, 2)
    _statistics(call, x, {"m": running_mean, "v": running_var, "w": weight, "b": bias})
    if use_input_stats is True and x.rank is not None:
        _several(call, x.parts[2:], x, "values a channel")
    return _same(x)


# -- trailing axes ---------------------------------------------------------------------------------------------------


def _trailing(call: Call, x: TensorSpec, normalized_shape: Any) -> None:
    if isinstance(normalized_shape, (int, Poly)):
        normalized_shape = (normalized_shape,)
    if not isinstance(normalized_shape, (list, tuple)) or any(isinstance(v, Var) for v in normalized_shape):
        return
    if not normalized_shape:
        call.fail("dim-mismatch", "value", name="normalized_shape", got=(), want="at least one size")
    sizes = tuple(call.size(v) for v in normalized_shape)
    call.least(x, len(sizes))
    for i in range(1, len(sizes) + 1):
        name = "normalized_shape" if len(sizes) == 1 else f"normalized_shape[{len(sizes) - i}]"
        call.expect(x, -i, sizes[-i], name)


def _scale(call: Call, scale: Any, normalized_shape: Any) -> None:
    if isinstance(scale, TensorSpec) and isinstance(normalized_shape, (list, tuple)):
        call.rank(scale, len(normalized_shape))
        for i, size in enumerate(normalized_shape):
            call.expect(scale, i, call.size(size), f"normalized_shape[{i}]")


@rule
def layer_norm(call: Call, input: TensorSpec, normalized_shape: Any, weight: Any, bias: Any) -> TensorSpec:
    """`"*b *s", "*s", "*s" -> "*b *s"` with `*s` the `normalized_shape`. Source: `F.layer_norm`."""
    x = call.tensor(input)
    call.dtype(x, "Float")
    _trailing(call, x, normalized_shape)
    _scale(call, weight, normalized_shape)
    _scale(call, bias, normalized_shape)
    for t in (weight, bias):
        if isinstance(t, TensorSpec):
            _parameter_dtype(call, x, t, t.dtype)
    return _same(x)


@rule
def rms_norm(call: Call, input: TensorSpec, normalized_shape: Any, weight: Any) -> TensorSpec:
    """`"*b *s", "*s" -> "*b *s"` with `*s` the `normalized_shape`. Source: `F.rms_norm`."""
    x = call.tensor(input)
    call.dtype(x, "Inexact")
    _trailing(call, x, normalized_shape)
    _scale(call, weight, normalized_shape)
    return _same(x)


@rule
def layer_norm_layer(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"*b *normalized_shape" -> ` the same. Source: `torch.nn.LayerNorm`."""
    out = call.tensor(input)
    call.dtype(out, "Float")
    _trailing(call, out, option(self, "normalized_shape"))
    if option(self, "elementwise_affine") is True:
        _own_dtype(call, self, out)
    return _same(out)


@rule
def rms_norm_layer(call: Call, self: Layer, x: TensorSpec) -> TensorSpec:
    """`"*b *normalized_shape" -> ` the same. Source: `torch.nn.RMSNorm`."""
    out = call.tensor(x)
    call.dtype(out, "Inexact")
    _trailing(call, out, option(self, "normalized_shape"))
    return _same(out)


# -- groups ----------------------------------------------------------------------------------------------------------


@rule
def group_norm(call: Call, input: TensorSpec, num_groups: Any, weight: Any, bias: Any) -> TensorSpec:
    """`"n c *s", "c", "c" -> "n c *s"`; `num_groups` divides `c`. Source: `F.group_norm`."""
    x = call.tensor(input)
    call.dtype(x, "Float")
    call.least(x, 2)
    _statistics(call, x, {"w": weight, "b": bias})
    groups = call.size(num_groups)
    at_least(call, groups, 1, "num_groups")
    if x.rank is not None:
        call.divides(groups, call.at(x, 1), x, 1, "num_groups")
        _one_value(call, x, groups)
    return _same(x)


def _one_value(call: Call, x: TensorSpec, groups: Any) -> None:
    batch, channels, by = (number(call, v) for v in (call.at(x, 0), call.at(x, 1), groups))
    if batch is not None and channels is not None and by is not None:
        _several(call, (batch * channels // by, *x.parts[2:]), x, "values a group")


@rule
def group_norm_layer(call: Call, self: Layer, input: TensorSpec) -> TensorSpec:
    """`"n num_channels *s" -> ` the same. Source: `torch.nn.GroupNorm`."""
    x = call.tensor(input)
    call.dtype(x, "Float")
    call.least(x, 2)
    channels, groups = option(self, "num_channels"), option(self, "num_groups")
    if not isinstance(channels, Unknown):
        call.expect(x, 1, call.size(channels), "num_channels")
    if option(self, "affine") is True:
        _own_dtype(call, self, x)
    if x.rank is not None and not isinstance(groups, Unknown):
        _one_value(call, x, groups)
    return _same(x)


@rule
def group_norm_init(call: Call, num_groups: Any, num_channels: Any) -> None:
    """`num_groups` divides `num_channels`. Source: `torch.nn.GroupNorm`."""
    groups, channels = number(call, num_groups), number(call, num_channels)
    if groups is not None and channels is not None and (groups == 0 or channels % groups):
        call.fail("indivisible", "divide", argument="num_channels", got=channels, want=groups, name="num_groups")


# -- local responses -------------------------------------------------------------------------------------------------


@rule
def local_response_norm(call: Call, input: TensorSpec, size: Any) -> TensorSpec:
    """`"n c *s" -> "n c *s"` with at least one axis in `*s`. Source: `F.local_response_norm`."""
    x = call.tensor(input)
    call.least(x, 3)
    at_least(call, size, 1, "size")
    names = as_set(x.dtype)
    return TensorSpec(x.parts, "float32" if names is not None and names.isdisjoint(FLOATS) else x.dtype)


@rule
def cross_map_lrn2d(call: Call, input: TensorSpec) -> TensorSpec:
    """`"n c h w" -> "n c h w"`. Source: `torch.nn.CrossMapLRN2d`."""
    x = call.tensor(input)
    if x.shape is None:
        raise Unclear("the rank is not known")
    call.dtype(x, "Inexact")
    call.rank(x, 4)
    return _same(x)
