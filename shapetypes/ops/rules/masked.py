"""Reductions under a mask, and operations behind PyTorch's own functions. Source: `torch.masked`, `torch.ops.aten`."""

from __future__ import annotations

from typing import Any

from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.call import Call, Unclear, replaced, rule
from shapetypes.ops.promotion import named_dtype, result_type
from shapetypes.ops.rules.linear import matmul, mm
from shapetypes.ops.rules.reduce import counted, cut, floated, real_of
from shapetypes.ops.rules.resample import grid_sample
from shapetypes.ops.rules.search import same_axes
from shapetypes.ops.slices import slice_size


def _mask(call: Call, x: TensorSpec, mask: Any) -> None:
    """A mask broadcasts to its tensor."""
    if isinstance(mask, TensorSpec):
        call.expand_to(mask, x.parts)


def _masked(call: Call, x: TensorSpec, dim: Any, keepdim: Any, dtype: Any, mask: Any, plain: Any) -> TensorSpec:
    _mask(call, x, mask)
    return TensorSpec(cut(call, x, dim, keepdim), named_dtype(dtype, plain))


@rule
def masked_sum(
    call: Call, input: TensorSpec, dim: Any = None, keepdim: Any = False, dtype: Any = None, mask: Any = None
) -> TensorSpec:
    """`"*a d *b" -> "*a *b"`; integers become int64. Source: `torch.masked.sum`, `prod`."""
    return _masked(call, input, dim, keepdim, dtype, mask, counted(input.dtype))


@rule
def masked_reduction(
    call: Call, input: TensorSpec, dim: Any = None, keepdim: Any = False, dtype: Any = None, mask: Any = None
) -> TensorSpec:
    """`"*a d *b" -> "*a *b"` of the same dtype. Source: `torch.masked.amax`, `amin`, `argmax`, `argmin`, `median`."""
    return _masked(call, input, dim, keepdim, dtype, mask, input.dtype)


@rule
def masked_mean(
    call: Call, input: TensorSpec, dim: Any = None, keepdim: Any = False, dtype: Any = None, mask: Any = None
) -> TensorSpec:
    """`"*a d *b" -> "*a *b"`, floating. Source: `torch.masked.mean`, `logsumexp`."""
    return _masked(call, input, dim, keepdim, dtype, mask, floated(input.dtype))


@rule
def masked_spread(
    call: Call, input: TensorSpec, dim: Any = None, keepdim: Any = False, dtype: Any = None, mask: Any = None
) -> TensorSpec:
    """`"*a d *b" -> "*a *b"`, real. Source: `torch.masked.var`, `std`, `norm`."""
    return _masked(call, input, dim, keepdim, dtype, mask, real_of(floated(input.dtype)))


@rule
def masked_scan(call: Call, input: TensorSpec, dim: Any, dtype: Any = None, mask: Any = None) -> TensorSpec:
    """`"*a" -> "*a"`; integers become int64. Source: `torch.masked.cumsum`, `cumprod`."""
    _mask(call, input, mask)
    return TensorSpec(same_axes(call, input, dim), named_dtype(dtype, counted(input.dtype)))


@rule
def masked_softmax(call: Call, input: TensorSpec, dim: Any, dtype: Any = None, mask: Any = None) -> TensorSpec:
    """`"*a" -> "*a"`. Source: `torch.masked.softmax`, `log_softmax`, `softmin`, `normalize`."""
    _mask(call, input, mask)
    return TensorSpec(same_axes(call, input, dim), named_dtype(dtype, floated(input.dtype)))


@rule
def masked_logaddexp(
    call: Call,
    input: TensorSpec,
    other: TensorSpec,
    dtype: Any = None,
    input_mask: Any = None,
    other_mask: Any = None,
) -> TensorSpec:
    """`"*#b", "*#b" -> "*b"`. Source: `torch.masked.logaddexp`."""
    _mask(call, input, input_mask)
    _mask(call, other, other_mask)
    return TensorSpec(call.broadcast(input, other), named_dtype(dtype, result_type(input, other)))


@rule
def segment_reduce(call: Call, data: TensorSpec, lengths: Any = None, offsets: Any = None, axis: Any = 0) -> TensorSpec:
    """`"*a n *b", "*a s" -> "*a s *b"`; s+1 offsets. Source: `torch.segment_reduce`."""
    at = call.axis(data, axis)
    segments = lengths if isinstance(lengths, TensorSpec) else offsets
    if not isinstance(segments, TensorSpec):
        raise Unclear("the segments are not known")
    call.rank(segments, at + 1)
    for i in range(at):
        call.match(data, i, segments, i)
    count: Any = segments.parts[-1]
    return TensorSpec(replaced(data.parts, at, count if segments is lengths else count - 1), data.dtype)


@rule
def agreement(call: Call, input: TensorSpec, other: TensorSpec) -> Any:
    """`"*#b", "*#b"` to a bool. Source: `torch.allclose`."""
    call.same_dtype(input, other)
    call.broadcast(input, other)
    return Unknown("whether the values agree")


@rule
def same_values(call: Call, input: TensorSpec, other: TensorSpec) -> Any:
    """Two tensors of any shapes to a bool. Source: `torch.equal`."""
    return Unknown("whether the values agree")


@rule
def like_first(call: Call, grad_output: TensorSpec) -> TensorSpec:
    """`"*a" -> "*a"`. Source: `aten::native_dropout_backward`, `aten::_softmax_backward_data`."""
    return grad_output


@rule
def pool_backward(call: Call, grad_output: TensorSpec, self: TensorSpec, indices: TensorSpec) -> TensorSpec:
    """`"*b c o p", "*b c h w" -> "*b c h w"`. Source: `aten::max_pool2d_with_indices_backward`."""
    call.rank(self, 3, 4)
    call.same_shape(grad_output, indices)
    return self


@rule
def batch_norm_with_update(call: Call, input: TensorSpec, running_mean: TensorSpec) -> tuple[TensorSpec, ...]:
    """`"b c *s" -> "b c *s", "c", "c", "0"`. Source: `aten::_batch_norm_with_update`."""
    call.least(input, 2)
    call.match(input, 1, running_mean, 0)
    statistics = TensorSpec((call.at(input, 1),), running_mean.dtype)
    return input, statistics, statistics, TensorSpec((0,), "uint8")


@rule
def batch_norm_parts(
    call: Call, input: TensorSpec, weight: Any = None, running_mean: Any = None, training: Any = False
) -> tuple[TensorSpec, ...]:
    """`"b c *s" -> "b c *s", "c", "c"`, nothing kept in evaluation. Source: `torch.native_batch_norm`."""
    call.least(input, 2)
    for given in (weight, running_mean):
        if isinstance(given, TensorSpec):
            call.rank(given, 1)
            call.match(input, 1, given, 0)
    kept = TensorSpec((call.at(input, 1) if call.flag(training) else 0,), input.dtype)
    return input, kept, kept


@rule
def layer_norm_parts(
    call: Call, input: TensorSpec, normalized_shape: Any, weight: Any = None, bias: Any = None
) -> tuple[TensorSpec, ...]:
    """`"*b *n" -> "*b *n", "*b *1", "*b *1"`. Source: `torch.native_layer_norm`."""
    want = call.sizes(normalized_shape)
    if not want:
        call.fail("rank-mismatch", "count", name="sizes", got=0, want="at least 1")
    call.least(input, len(want))
    for i, size in enumerate(want):
        call.expect(input, i - len(want), size, "normalized_shape")
    for given in (weight, bias):
        if isinstance(given, TensorSpec):
            call.same_shape(TensorSpec(want, None, "normalized_shape"), given)
    rank = call.rank(input)
    kept = TensorSpec((*input.parts[: rank - len(want)], *(1 for _ in want)), input.dtype)
    return input, kept, kept


@rule
def group_norm_parts(
    call: Call,
    input: TensorSpec,
    N: Any,  # noqa: N803
    group: Any,
    C: Any,  # noqa: N803
    weight: Any = None,
) -> tuple[TensorSpec, ...]:
    """`"b c *s" -> "b c *s", "b g", "b g"`. Source: `torch.native_group_norm`."""
    call.divides(call.size(group), call.size(C), name="group")
    if isinstance(weight, TensorSpec):
        call.rank(weight, 1)
        call.expect(weight, 0, call.size(C), "C")
    kept = TensorSpec((call.size(N), call.size(group)), input.dtype)
    return input, kept, kept


@rule
def scaled_product(call: Call, input: TensorSpec, mat2: TensorSpec, out_dtype: Any = None) -> TensorSpec:
    """`"n k", "k m" -> "n m"`. Source: `torch._scaled_mm`."""
    call.rank(input, 2)
    call.rank(mat2, 2)
    call.match(input, 1, mat2, 0)
    return TensorSpec((input.parts[0], mat2.parts[1]), named_dtype(out_dtype, input.dtype))


@rule
def sparse_product(call: Call, sparse: TensorSpec, dense: TensorSpec) -> TensorSpec:
    """`"n k", "k m" -> "n m"`. Source: `torch.sparse.mm`."""
    return mm(call, sparse, dense)


@rule
def sampled_product(call: Call, input: TensorSpec, mat1: TensorSpec, mat2: TensorSpec) -> TensorSpec:
    """`"*b n m", "*b n k", "*b k m" -> "*b n m"`. Source: `torch.sparse.sampled_addmm`."""
    for x in (input, mat1, mat2):
        call.least(x, 2)
    call.same_dtype(input, mat1)
    call.same_shape(matmul(call, mat1, mat2), input)
    return input


@rule
def grid_sampled(call: Call, input: TensorSpec, grid: TensorSpec) -> TensorSpec:
    """As `F.grid_sample`. Source: `torch.grid_sampler`, `grid_sampler_2d`, `grid_sampler_3d`."""
    return grid_sample(call, input, grid, "bilinear")


@rule
def dropout_and_mask(call: Call, input: TensorSpec) -> tuple[TensorSpec, TensorSpec]:
    """`"*a" -> "*a", Bool "*a"`. Source: `torch.native_dropout`."""
    return input, TensorSpec(input.parts, "bool")


@rule
def to_sparse(call: Call, self: TensorSpec) -> TensorSpec:
    """The same tensor in another layout. Source: `Tensor.to_sparse`."""
    return self


@rule
def to_dense(call: Call, self: TensorSpec, dtype: Any = None) -> TensorSpec:
    """The same tensor in another layout. Source: `Tensor.to_dense`."""
    return TensorSpec(self.parts, named_dtype(dtype, self.dtype))


@rule
def slice_axis(
    call: Call, self: TensorSpec, dim: Any = 0, start: Any = None, end: Any = None, step: Any = 1
) -> TensorSpec:
    """`"*a n *b" -> "*a m *b"`. Source: `aten::slice`."""
    call.least(self, 1)
    at = call.place(self, dim)
    size = slice_size(call.judge, self.parts[at], slice(start, end, step))  # type: ignore[arg-type]
    return self.with_shape(replaced(self.parts, at, size))


@rule
def upsample_to(call: Call, input: TensorSpec, output_size: Any = None, scale_factors: Any = None) -> TensorSpec:
    """`"b c h w" -> "b c h2 w2"`. Source: `aten::_upsample_bilinear2d_aa`."""
    call.rank(input, 4)
    if output_size is not None:
        sizes = call.ints(output_size, 2)
    elif isinstance(scale_factors, (list, tuple)) and all(isinstance(p, int) for p in input.parts[2:]):
        sizes = tuple(int(p * s) for p, s in zip(input.parts[2:], scale_factors, strict=True))
    else:
        raise Unclear("the sizes are not known")
    return TensorSpec((*input.parts[:2], *sizes), input.dtype)


@rule
def upsample_to_of_self(call: Call, self: TensorSpec, output_size: Any) -> TensorSpec:
    """The same. Source: `aten::_upsample_bilinear2d_aa`."""
    return upsample_to(call, self, output_size)


@rule
def fill_diagonal_(call: Call, self: TensorSpec) -> TensorSpec:
    """`"n m" -> "n m"`; with more axes they are equal. Source: `Tensor.fill_diagonal_`."""
    call.least(self, 2)
    if self.rank is not None and self.rank > 2:
        for i in range(1, self.rank):
            call.equal_axes(self, 0, i)
    return self
