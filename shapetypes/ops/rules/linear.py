"""Matrix products."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dtype import promote
from shapetypes.core.shape import TensorSpec, Unknown, least_rank
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.promotion import result_type


def head(x: TensorSpec, gone: int) -> TensorSpec:
    """The leading axes of a tensor, without its last `gone`."""
    return TensorSpec(x.parts[: len(x.parts) - gone], None, x.label)


@rule
def matmul(call: Call, input: TensorSpec, other: TensorSpec) -> TensorSpec:
    """`"*b n k", "*b k m" -> "*b n m"`, batch axes broadcast; vectors lose their axis. Source: `torch.matmul`."""
    call.least(input, 1)
    call.least(other, 1)
    call.same_dtype(input, other)
    if other.rank is not None or least_rank(other.parts) > 1:  # else its last axis may be its only one
        call.match(input, -1, other, -2 if other.rank != 1 else -1)
    dtype = promote(input.dtype, other.dtype)
    if input.rank is None or other.rank is None:
        return TensorSpec(_loose_product(call, input, other), dtype)
    rows = input.parts[-2:-1]
    columns = other.parts[-1:] if other.rank > 1 else ()
    return TensorSpec((*call.broadcast(head(input, 2), head(other, 2)), *rows, *columns), dtype)


def _loose_product(call: Call, x: TensorSpec, y: TensorSpec) -> tuple[Any, ...]:
    """The product where a rank is not known: a matrix or vector on the right leaves the axes on the left."""
    if y.rank in (1, 2):
        columns = y.parts[-1:] if y.rank == 2 else ()
        before = x.parts[:-1] if x.shape is not None and _ends(x, 1) else x.parts
        return (*before, *columns)
    if _ends(x, 2) and _ends(y, 2):
        return (*call.broadcast(head(x, 2), head(y, 2)), x.parts[-2], y.parts[-1])
    raise Unclear("the rank is not known")


def _ends(x: TensorSpec, count: int) -> bool:
    """Whether the last axes are known to be there."""
    parts = x.parts
    return len(parts) >= count and least_rank(parts[-count:]) == count


@rule
def rmatmul(call: Call, self: TensorSpec, other: TensorSpec) -> TensorSpec:
    """`other @ self`. Source: `Tensor.__rmatmul__`."""
    return matmul(call, other, self)


@rule
def mm(call: Call, input: TensorSpec, mat2: TensorSpec, out_dtype: Any = None) -> TensorSpec:
    """`"n k", "k m" -> "n m"`. Source: `torch.mm`."""
    call.rank(input, 2)
    call.rank(mat2, 2)
    return _typed(matmul(call, input, mat2), out_dtype)


def _typed(x: TensorSpec, dtype: Any) -> TensorSpec:
    return x if dtype is None else TensorSpec(x.shape, dtype if isinstance(dtype, str) else None)


@rule
def mv(call: Call, input: TensorSpec, vec: TensorSpec) -> TensorSpec:
    """`"n k", "k" -> "n"`. Source: `torch.mv`."""
    call.rank(input, 2)
    call.rank(vec, 1)
    return matmul(call, input, vec)


@rule
def dot(call: Call, input: TensorSpec, tensor: TensorSpec) -> TensorSpec:
    """`"n", "n" -> ""`. Source: `torch.dot`."""
    call.rank(input, 1)
    call.rank(tensor, 1)
    return matmul(call, input, tensor)


@rule
def vdot(call: Call, input: TensorSpec, other: TensorSpec) -> TensorSpec:
    """`"n", "n" -> ""`. Source: `torch.vdot`."""
    return dot(call, input, other)


@rule
def inner(call: Call, input: TensorSpec, other: TensorSpec) -> TensorSpec:
    """`"*a k", "*b k" -> "*a *b"`; with a scalar a product. Source: `torch.inner`."""
    if call.rank(input) == 0 or call.rank(other) == 0:
        return TensorSpec((*input.parts, *other.parts), result_type(input, other))
    call.same_dtype(input, other)
    call.match(input, -1, other, -1)
    return TensorSpec((*input.parts[:-1], *other.parts[:-1]), promote(input.dtype, other.dtype))


@rule
def outer(call: Call, input: TensorSpec, vec2: TensorSpec) -> TensorSpec:
    """`"n", "m" -> "n m"`. Source: `torch.outer`, `ger`."""
    call.rank(input, 1)
    call.rank(vec2, 1)
    return TensorSpec((*input.parts, *vec2.parts), promote(input.dtype, vec2.dtype))


@rule
def bmm_rule(call: Call, input: TensorSpec, mat2: TensorSpec) -> TensorSpec:
    """`"b n k", "b k m" -> "b n m"`, the batch never broadcast. Source: `torch.bmm`."""
    call.rank(input, 3)
    call.rank(mat2, 3)
    call.match(input, 0, mat2, 0)
    return matmul(call, input, mat2)


def _plus(call: Call, input: TensorSpec, product: TensorSpec, out_dtype: Any = None) -> TensorSpec:
    """What is added must broadcast to the product."""
    call.expand_to(input, product.parts)
    if out_dtype is None:
        call.same_dtype(product, input)
    return _typed(product, out_dtype)


@rule
def addmm(call: Call, input: TensorSpec, mat1: TensorSpec, mat2: TensorSpec, out_dtype: Any = None) -> TensorSpec:
    """`"#n #m", "n k", "k m" -> "n m"`. Source: `torch.addmm`."""
    return _plus(call, input, mm(call, mat1, mat2), out_dtype)


@rule
def addmv(call: Call, input: TensorSpec, mat: TensorSpec, vec: TensorSpec) -> TensorSpec:
    """`"#n", "n k", "k" -> "n"`. Source: `torch.addmv`."""
    return _plus(call, input, mv(call, mat, vec))


@rule
def addr(call: Call, input: TensorSpec, vec1: TensorSpec, vec2: TensorSpec) -> TensorSpec:
    """`"#n #m", "n", "m" -> "n m"`. Source: `torch.addr`."""
    product = outer(call, vec1, vec2)
    call.expand_to(input, product.parts)
    return TensorSpec(product.shape, promote(input.dtype, product.dtype))


@rule
def addbmm(call: Call, input: TensorSpec, batch1: TensorSpec, batch2: TensorSpec) -> TensorSpec:
    """`"#n #m", "b n k", "b k m" -> "n m"`. Source: `torch.addbmm`."""
    product = bmm_rule(call, batch1, batch2)
    return _plus(call, input, product.with_shape(product.parts[1:]))


@rule
def baddbmm(call: Call, input: TensorSpec, batch1: TensorSpec, batch2: TensorSpec, out_dtype: Any = None) -> TensorSpec:
    """`"#b #n #m", "b n k", "b k m" -> "b n m"`. Source: `torch.baddbmm`."""
    return _plus(call, input, bmm_rule(call, batch1, batch2), out_dtype)


def _into(call: Call, self: TensorSpec, product: TensorSpec) -> TensorSpec:
    """An operation in place: the target has the shape of the result already."""
    call.same_dtype(product, self)
    call.same_shape(product, self)
    return self


@rule
def addmm_(call: Call, self: TensorSpec, mat1: TensorSpec, mat2: TensorSpec) -> TensorSpec:
    """`"n m", "n k", "k m" -> "n m"`. Source: `Tensor.addmm_`."""
    return _into(call, self, mm(call, mat1, mat2))


@rule
def addmv_(call: Call, self: TensorSpec, mat: TensorSpec, vec: TensorSpec) -> TensorSpec:
    """`"n", "n k", "k" -> "n"`. Source: `Tensor.addmv_`."""
    return _into(call, self, mv(call, mat, vec))


@rule
def addr_(call: Call, self: TensorSpec, vec1: TensorSpec, vec2: TensorSpec) -> TensorSpec:
    """`"n m", "n", "m" -> "n m"`. Source: `Tensor.addr_`."""
    call.same_shape(outer(call, vec1, vec2), self)
    return self


@rule
def addbmm_(call: Call, self: TensorSpec, batch1: TensorSpec, batch2: TensorSpec) -> TensorSpec:
    """`"#n #m", "b n k", "b k m" -> "n m"`: unlike the others it enlarges its target. Source: `Tensor.addbmm_`."""
    return addbmm(call, self, batch1, batch2)


@rule
def baddbmm_(call: Call, self: TensorSpec, batch1: TensorSpec, batch2: TensorSpec) -> TensorSpec:
    """`"b n m", "b n k", "b k m" -> "b n m"`. Source: `Tensor.baddbmm_`."""
    return _into(call, self, bmm_rule(call, batch1, batch2))


@rule
def chain_matmul(call: Call, matrices: Any) -> TensorSpec:
    """`"a b", "b c", "c d", ... -> "a d"`. Source: `torch.chain_matmul`."""
    found = call.tensors(matrices[0] if len(matrices) == 1 and isinstance(matrices[0], (list, tuple)) else matrices)
    for x in found:
        call.rank(x, 2)
    return multiplied(call, found)


def multiplied(call: Call, found: list[TensorSpec]) -> TensorSpec:
    """A chain of matrices whose neighbours fit; the first and last may be vectors."""
    for x, y in pairwise(found):
        call.same_dtype(x, y)
        call.match(x, -1, y, 0)
    first, last = found[0], found[-1]
    if len(found) == 1:
        return first
    parts = (*first.parts[:-1], *last.parts[1:])
    return TensorSpec(parts, first.dtype)


@rule
def tensordot(call: Call, a: TensorSpec, b: TensorSpec, dims: Any = 2) -> TensorSpec:
    """`"*a *k", "*k *b" -> "*a *b"`; sizes of 1 are summed alone. Source: `torch.tensordot`."""
    call.same_dtype(a, b)
    left, right = _dot_axes(call, a, b, dims)
    for i, j in zip(left, right, strict=True):
        if a.parts[i] != 1 and b.parts[j] != 1:
            call.match(a, i, b, j)
    kept = [p for i, p in enumerate(a.parts) if i not in left] + [p for j, p in enumerate(b.parts) if j not in right]
    return TensorSpec(kept, promote(a.dtype, b.dtype))


def _dot_axes(call: Call, a: TensorSpec, b: TensorSpec, dims: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if isinstance(dims, (list, tuple)):
        if len(dims) != 2:
            raise Unclear("the axes are not known")
        left, right = call.axes(a, dims[0]), call.axes(b, dims[1])
        if len(left) != len(right):
            call.fail("rank-mismatch", "count", name="axes", got=len(right), want=len(left))
        return left, right
    count = call.integer(dims)
    call.least(a, count)
    call.least(b, count)
    rank = call.rank(a)
    call.rank(b)
    return tuple(range(rank - count, rank)), tuple(range(count))


@rule
def kron(call: Call, input: TensorSpec, other: TensorSpec) -> TensorSpec:
    """Sizes multiply, from the last axis. Source: `torch.kron`."""
    left, right = call.rank(input), call.rank(other)
    rank = max(left, right)
    a = (1,) * (rank - left) + input.parts
    b = (1,) * (rank - right) + other.parts
    return TensorSpec([d.product(pair) for pair in zip(a, b, strict=True)], result_type(input, other))  # type: ignore[arg-type]


@rule
def cdist(call: Call, x1: TensorSpec, x2: TensorSpec) -> TensorSpec:
    """`"*b n k", "*b m k" -> "*b n m"`, batch axes broadcast. Source: `torch.cdist`."""
    for x in (x1, x2):
        call.least(x, 2)
        call.dtype(x, "Float")
    call.match(x1, -1, x2, -1)
    if not _ends(x1, 2) or not _ends(x2, 2):
        raise Unclear("the rank is not known")
    batch = call.broadcast(head(x1, 2), head(x2, 2))
    return TensorSpec((*batch, x1.parts[-2], x2.parts[-2]), promote(x1.dtype, x2.dtype))


@rule
def cross(call: Call, input: TensorSpec, other: TensorSpec, dim: Any = -1) -> TensorSpec:
    """`"*a 3 *b", "*a 3 *b" -> "*a 3 *b"`, other axes broadcast. Source: `torch.linalg.cross`, `torch.cross`."""
    if call.rank(input) != call.rank(other):
        call.fail("rank-mismatch", "ranks", argument=other.label, other=input.label, got=other.shape, want=input.shape)
    if isinstance(dim, Unknown):
        raise Unclear("the axis is not known")
    if dim is not None:
        at = call.axis(input, dim)
        call.least(input, 1)
        call.expect(input, at, 3)
        call.expect(other, at, 3)
    elif all(isinstance(p, int) and p != 3 for p in input.parts):
        call.wrong("shape", input.shape, "an axis of 3", input.label)
    return TensorSpec(call.broadcast(input, other), promote(input.dtype, other.dtype))
