"""Batches of matrices: their last two axes, determinants, norms, inverses. Source: `torch.linalg`."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim
from shapetypes.core.dtype import promote
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.promotion import named_dtype
from shapetypes.ops.rules.linear import multiplied
from shapetypes.ops.rules.reduce import DTypeSpec, counted, cut, floated, nonempty, real_of

Batch = tuple[Any, ...]


def matrix(call: Call, x: TensorSpec, group: str = "Inexact") -> tuple[Batch, Dim, Dim]:
    """The batch axes, rows and columns of a tensor `"*b m n"`.

    Raises:
        ShapeError: it has fewer than two axes, or a dtype without such a kernel.
        Unclear: its last axes are not known.
    """
    call.least(x, 2)
    call.dtype(x, group)
    parts = x.parts
    if len(parts) < 2 or not all(isinstance(p, (int, d.Poly)) for p in parts[-2:]):
        raise Unclear("the rank is not known")
    return parts[:-2], parts[-2], parts[-1]  # type: ignore[return-value]


def square(call: Call, x: TensorSpec, group: str = "Inexact") -> tuple[Batch, Dim]:
    """The batch axes and the size of square matrices `"*b n n"`.

    Raises:
        ShapeError: they are surely not square.
    """
    call.least(x, 2)
    call.equal_axes(x, -2, -1)
    batch, n, _ = matrix(call, x, group)
    return batch, n


def lead(x: TensorSpec, gone: int = 2) -> TensorSpec:
    """The batch axes of a tensor, for broadcasting."""
    return TensorSpec(x.parts[: len(x.parts) - gone], None, x.label)


def info(batch: Batch) -> TensorSpec:
    """The error codes that the `_ex` functions return."""
    return TensorSpec(batch, "int32")


@rule
def square_map(call: Call, input: TensorSpec) -> TensorSpec:
    """`"*b n n" -> "*b n n"`. Source: `torch.linalg.cholesky`, `torch.matrix_exp`, `torch.cholesky_inverse`."""
    batch, n = square(call, input)
    return TensorSpec((*batch, n, n), input.dtype)


@rule
def square_map_ex(call: Call, input: TensorSpec) -> tuple[TensorSpec, TensorSpec]:
    """`"*b n n" -> "*b n n", "*b"`: the result and error codes. Source: `torch.linalg.cholesky_ex`."""
    out = square_map(call, input)
    return out, info(out.parts[:-2])


@rule
def inverse(call: Call, A: TensorSpec) -> TensorSpec:  # noqa: N803
    """`"*b n n" -> "*b n n"`. Source: `torch.linalg.inv`."""
    return square_map(call, A)


@rule
def inverse_ex(call: Call, A: TensorSpec) -> tuple[TensorSpec, TensorSpec]:  # noqa: N803
    """`"*b n n" -> "*b n n", "*b"`. Source: `torch.linalg.inv_ex`."""
    return square_map_ex(call, A)


@rule
def matrix_power(call: Call, input: TensorSpec) -> TensorSpec:
    """`"*b n n" -> "*b n n"`. Source: `torch.linalg.matrix_power`."""
    batch, n = square(call, input, "Num")
    return TensorSpec((*batch, n, n), input.dtype)


@rule
def determinant(call: Call, A: TensorSpec) -> TensorSpec:  # noqa: N803
    """`"*b n n" -> "*b"`. Source: `torch.linalg.det`."""
    batch, _ = square(call, A)
    return TensorSpec(batch, A.dtype)


@rule
def log_determinant(call: Call, input: TensorSpec) -> TensorSpec:
    """`"*b n n" -> "*b"`. Source: `torch.logdet`."""
    return determinant(call, input)


@rule
def sign_and_log_determinant(call: Call, A: TensorSpec) -> tuple[TensorSpec, TensorSpec]:  # noqa: N803
    """`"*b n n" -> "*b", "*b"`, the second real. Source: `torch.linalg.slogdet`."""
    out = determinant(call, A)
    return out, TensorSpec(out.shape, real_of(out.dtype))


@rule
def pseudo_inverse(call: Call, input: TensorSpec) -> TensorSpec:
    """`"*b m n" -> "*b n m"`. Source: `torch.linalg.pinv`."""
    batch, m, n = matrix(call, input)
    return TensorSpec((*batch, n, m), input.dtype)


@rule
def hermitian_pseudo_inverse(call: Call, input: TensorSpec, hermitian: Any = False) -> TensorSpec:
    """The same; a Hermitian matrix is square. Source: `torch.linalg.pinv(hermitian=True)`."""
    if hermitian is True:
        square(call, input)
    return pseudo_inverse(call, input)


@rule
def matrix_rank(call: Call, input: TensorSpec, hermitian: Any = False) -> TensorSpec:
    """`"*b m n" -> "*b"` of int64. Source: `torch.linalg.matrix_rank`."""
    batch, _, _ = matrix(call, input)
    if hermitian is True:
        square(call, input)
    return TensorSpec(batch, "int64")


@rule
def condition(call: Call, input: TensorSpec, p: Any = None) -> TensorSpec:
    """`"*b m n" -> "*b"`, real; square except for the 2-norms. Source: `torch.linalg.cond`."""
    batch, _, _ = matrix(call, input)
    if p not in (None, 2, -2) and not isinstance(p, Unknown):
        square(call, input)
    return TensorSpec(batch, real_of(input.dtype))


@rule
def chain(call: Call, tensors: Any) -> TensorSpec:
    """`"a b", "b c", ... -> "a d"`; a vector may stand first and last. Source: `torch.linalg.multi_dot`."""
    found = call.tensors(tensors)
    if len(found) < 2:
        call.fail("rank-mismatch", "count", name="tensors", got=len(found), want="at least 2")
    for i, x in enumerate(found):
        call.rank(x, *((1, 2) if i in (0, len(found) - 1) else (2,)))
    return multiplied(call, found)


@rule
def vandermonde(call: Call, x: TensorSpec, N: Any = None) -> TensorSpec:  # noqa: N803
    """`"*a n" -> "*a n N"`. Source: `torch.linalg.vander`."""
    parts = x.parts or (1,)  # a scalar is one number
    columns = parts[-1] if N is None else call.size(N)
    if isinstance(columns, int) and columns <= 1:
        call.wrong("N", columns, "greater than 1", "N")
    if isinstance(columns, Var):
        raise Unclear("the rank is not known")
    return TensorSpec((*parts, columns), counted(x.dtype))


@rule
def vector_dot(call: Call, x: TensorSpec, y: TensorSpec, dim: Any = -1) -> TensorSpec:
    """`"*b n", "*b n" -> "*b"`, batch axes broadcast. Source: `torch.linalg.vecdot`."""
    call.dtype(x, "Inexact")
    call.same_dtype(x, y)
    both = TensorSpec(call.broadcast(x, y), promote(x.dtype, y.dtype))
    return TensorSpec(cut(call, both, dim), both.dtype)


# -- norms -----------------------------------------------------------------------------------------------------------


def _norm_dtype(call: Call, x: TensorSpec, dtype: Any) -> DTypeSpec:
    call.dtype(x, "Inexact")
    return real_of(named_dtype(dtype, x.dtype))


@rule
def vector_norm(
    call: Call, input: TensorSpec, ord: Any = 2, dim: Any = None, keepdim: Any = False, dtype: Any = None
) -> TensorSpec:
    """`"*a d *b" -> "*a *b"`, real. Source: `torch.linalg.vector_norm`."""
    out = _norm_dtype(call, input, dtype)
    if isinstance(ord, (int, float)) and (ord < 0 or ord == float("inf")):
        nonempty(call, input, dim)
    return TensorSpec(cut(call, input, dim, keepdim), out)


@rule
def matrix_norm(
    call: Call, input: TensorSpec, ord: Any = "fro", dim: Any = (-2, -1), keepdim: Any = False, dtype: Any = None
) -> TensorSpec:
    """`"*a m n" -> "*a"`, real, over two axes. Source: `torch.linalg.matrix_norm`."""
    out = _norm_dtype(call, input, dtype)
    call.least(input, 2)
    places = call.places(input, dim)
    if len(places) != 2:
        call.fail("rank-mismatch", "count", name="axes", got=len(places), want=2)
    if ord in (1, -1, 2, -2, float("inf"), float("-inf")) and not isinstance(ord, bool):
        _norm_of_nothing(call, input, places, ord)
    return TensorSpec(cut(call, input, dim, keepdim), out)


def _norm_of_nothing(call: Call, x: TensorSpec, places: tuple[int, ...], ord: Any) -> None:
    """Maxima and minima need something to be taken of."""
    reduced = places if abs(ord) == 2 else ((places[1],) if abs(ord) == 1 else (places[0],))
    for i in reduced:
        if call.judge.equal(x.parts[i], 0):  # type: ignore[arg-type]
            call.fail("dim-mismatch", "axis", argument=x.label or None, axis=i, got=0, want="at least 1")


@rule
def any_norm(
    call: Call, input: TensorSpec, ord: Any = None, dim: Any = None, keepdim: Any = False, dtype: Any = None
) -> TensorSpec:
    """A vector norm over one axis or all, a matrix norm over two. Source: `torch.linalg.norm`."""
    if isinstance(dim, Unknown) or isinstance(ord, Unknown):
        raise Unclear("`ord` or `dim` is not known")
    axes = (dim,) if isinstance(dim, int) else dim
    if axes is not None and len(axes) not in (1, 2):
        call.fail("rank-mismatch", "count", name="axes", got=len(axes), want=frozenset({1, 2}))
    if ord is None:
        return vector_norm(call, input, 2, dim, keepdim, dtype)
    if axes is None:
        rank = call.rank(input, 1, 2) if not isinstance(ord, str) else call.rank(input, 2)
        axes = tuple(range(rank))
    if len(axes) == 1 and not isinstance(ord, str):
        return vector_norm(call, input, ord, axes, keepdim, dtype)
    return matrix_norm(call, input, ord, tuple(axes), keepdim, dtype)


@rule
def distance(call: Call, input: TensorSpec, other: TensorSpec) -> TensorSpec:
    """`"*a", "*a" -> ""`, broadcast. Source: `torch.dist`."""
    call.dtype(input, "Inexact")
    call.broadcast(input, other)
    return TensorSpec((), real_of(promote(input.dtype, other.dtype)))


# -- tensors as matrices ---------------------------------------------------------------------------------------------


@rule
def tensor_inverse(call: Call, input: TensorSpec, ind: Any = 2) -> TensorSpec:
    """`"*a *b" -> "*b *a"`, as many elements in both. Source: `torch.linalg.tensorinv`."""
    call.dtype(input, "Inexact")
    at = call.integer(ind)
    if at <= 0:
        call.wrong("ind", at, "at least 1", "ind")
    call.rank(input)
    left, right = input.parts[:at], input.parts[at:]
    a, b = d.product(left), d.product(right)  # type: ignore[arg-type]
    if call.judge.differ(a, b):
        call.fail("dim-mismatch", "elements", argument=input.label, got=left, want=right)
    return TensorSpec((*right, *left), input.dtype)


@rule
def tensor_solve(call: Call, input: TensorSpec, other: TensorSpec, dims: Any = None) -> TensorSpec:
    """`"*b *x", "*b" -> "*x"`, as many elements in `b` and `x`. Source: `torch.linalg.tensorsolve`."""
    call.dtype(input, "Inexact")
    call.same_dtype(input, other)
    rank = call.rank(input)
    order = list(range(rank))
    if dims is not None:
        moved = call.axes(input, dims)
        order = [i for i in order if i not in moved] + list(moved)
    parts = [input.parts[i] for i in order]
    front, rest = parts[: call.rank(other)], parts[call.rank(other) :]
    a, b = d.product(front), d.product(rest)  # type: ignore[arg-type]
    if call.judge.differ(a, b) or call.judge.differ(a, d.product(other.parts)):  # type: ignore[arg-type]
        call.fail("dim-mismatch", "elements", argument=input.label, got=tuple(front), want=tuple(rest))
    return TensorSpec(rest, input.dtype)


# -- statistics ------------------------------------------------------------------------------------------------------


@rule
def covariance(call: Call, input: TensorSpec, fweights: Any = None, aweights: Any = None) -> TensorSpec:
    """`"n m" -> "n n"`, `"m" -> ""`; weights `"m"`. Source: `torch.cov`."""
    rank = call.rank(input, 0, 1, 2)
    for weights in (fweights, aweights):
        if isinstance(weights, TensorSpec):
            call.rank(weights, 0, 1)
            if rank and weights.rank == 1:
                call.match(input, -1, weights, 0)
    n = call.at(input, 0) if rank == 2 else None
    if n is not None and d.is_unknown(n):
        return TensorSpec(None, floated(input.dtype))  # of a single row the result is a scalar
    return TensorSpec(() if n is None or n == 1 else (n, n), floated(input.dtype))


@rule
def correlation(call: Call, input: TensorSpec) -> TensorSpec:
    """`"n m" -> "n n"`, `"m" -> ""`. Source: `torch.corrcoef`."""
    return covariance(call, input)
