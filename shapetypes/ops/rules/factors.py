"""Factorisations of matrices and solving with them. Source: `torch.linalg` and the older functions of `torch`."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.compare import Verdict
from shapetypes.core.dtype import promote
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules.matrices import info, lead, matrix, square
from shapetypes.ops.rules.reduce import complex_of, real_of

Pair = tuple[TensorSpec, TensorSpec]
Triple = tuple[TensorSpec, TensorSpec, TensorSpec]


def nothing(dtype: Any) -> TensorSpec:
    """What torch returns where a factor was not asked for."""
    return TensorSpec((0,), dtype)


# -- eigenvalues and singular values ---------------------------------------------------------------------------------


@rule
def eig(call: Call, input: TensorSpec) -> Pair:
    """`"*b n n" -> "*b n", "*b n n"`, complex. Source: `torch.linalg.eig`."""
    batch, n = square(call, input)
    dtype = complex_of(input.dtype)
    return TensorSpec((*batch, n), dtype), TensorSpec((*batch, n, n), dtype)


@rule
def eigvals(call: Call, input: TensorSpec) -> TensorSpec:
    """`"*b n n" -> "*b n"`, complex. Source: `torch.linalg.eigvals`."""
    return eig(call, input)[0]


@rule
def eigh(call: Call, input: TensorSpec) -> Pair:
    """`"*b n n" -> "*b n", "*b n n"`, the first real. Source: `torch.linalg.eigh`."""
    batch, n = square(call, input)
    return TensorSpec((*batch, n), real_of(input.dtype)), TensorSpec((*batch, n, n), input.dtype)


@rule
def eigvalsh(call: Call, input: TensorSpec) -> TensorSpec:
    """`"*b n n" -> "*b n"`, real. Source: `torch.linalg.eigvalsh`."""
    return eigh(call, input)[0]


@rule
def svd_reduced_or_full(call: Call, A: TensorSpec, full_matrices: Any = True) -> Triple:  # noqa: N803
    """`"*b m n" -> "*b m k", "*b k", "*b k n"`, k the smaller, or m and n if full. Source: `torch.linalg.svd`."""
    batch, m, n = matrix(call, A)
    k = d.minimum(m, n)
    full = call.flag(full_matrices)
    left, right = (m, n) if full else (k, k)
    values = TensorSpec((*batch, k), real_of(A.dtype))
    return TensorSpec((*batch, m, left), A.dtype), values, TensorSpec((*batch, right, n), A.dtype)


@rule
def svdvals(call: Call, A: TensorSpec) -> TensorSpec:  # noqa: N803
    """`"*b m n" -> "*b k"`, real, k the smaller. Source: `torch.linalg.svdvals`."""
    return svd_reduced_or_full(call, A)[1]


@rule
def svd_old(call: Call, input: TensorSpec, some: Any = True, compute_uv: Any = True) -> Triple:
    """`"*b m n" -> "*b m k", "*b k", "*b n k"`. Source: `torch.svd`."""
    batch, m, n = matrix(call, input)
    k = d.minimum(m, n)
    some = call.flag(some) and call.flag(compute_uv)
    values = TensorSpec((*batch, k), real_of(input.dtype))
    left, right = (k, k) if some else (m, n)
    return TensorSpec((*batch, m, left), input.dtype), values, TensorSpec((*batch, n, right), input.dtype)


@rule
def svd_lowrank(call: Call, A: TensorSpec, q: Any = 6, M: Any = None) -> Triple:  # noqa: N803
    """`"*b m n" -> "*b m q", "*b q", "*b n q"`. Source: `torch.svd_lowrank`."""
    batch, m, n = matrix(call, A)
    if isinstance(M, TensorSpec):
        batch = call.broadcast(A, M)[:-2]
    rank = call.size(6 if q is None else q)
    if isinstance(rank, int) and any(isinstance(s, int) and rank > s for s in (m, n)):
        call.wrong("q", rank, f"at most {d.minimum(m, n)}", "q")
    return (
        TensorSpec((*batch, m, rank), A.dtype),
        TensorSpec((*batch, rank), real_of(A.dtype)),
        TensorSpec((*batch, n, rank), A.dtype),
    )


@rule
def pca_lowrank(call: Call, A: TensorSpec, q: Any = None) -> Triple:  # noqa: N803
    """`"*b m n" -> "*b m q", "*b q", "*b n q"`, q at most 6 if not given. Source: `torch.pca_lowrank`."""
    _, m, n = matrix(call, A)
    return svd_lowrank(call, A, d.minimum(6, d.minimum(m, n)) if q is None else q)


# -- qr, lu, ldl, cholesky -------------------------------------------------------------------------------------------


@rule
def qr(call: Call, A: TensorSpec, mode: Any = "reduced") -> Pair:  # noqa: N803
    """`"*b m n" -> "*b m k", "*b k n"`, k the smaller, or m if complete. Source: `torch.linalg.qr`."""
    batch, m, n = matrix(call, A)
    if isinstance(mode, Unknown):
        raise Unclear("`mode` is not known")
    if mode not in ("reduced", "complete", "r"):
        call.wrong("mode", mode, frozenset({"reduced", "complete", "r"}), "mode")
    k = m if mode == "complete" else d.minimum(m, n)
    left = nothing(A.dtype) if mode == "r" else TensorSpec((*batch, m, k), A.dtype)
    return left, TensorSpec((*batch, k, n), A.dtype)


@rule
def qr_old(call: Call, input: TensorSpec, some: Any = True) -> Pair:
    """The same. Source: `torch.qr`."""
    return qr(call, input, "reduced" if call.flag(some) else "complete")


@rule
def qr_packed(call: Call, input: TensorSpec) -> Pair:
    """`"*b m n" -> "*b m n", "*b k"`, k the smaller. Source: `torch.geqrf`."""
    batch, m, n = matrix(call, input)
    return TensorSpec((*batch, m, n), input.dtype), TensorSpec((*batch, d.minimum(m, n)), input.dtype)


@rule
def lu_packed(call: Call, A: TensorSpec, pivot: Any = True) -> Pair:  # noqa: N803
    """`"*b m n" -> "*b m n", "*b k"`: factors, int32 pivots. Source: `torch.linalg.lu_factor`."""
    batch, m, n = matrix(call, A)
    return TensorSpec((*batch, m, n), A.dtype), TensorSpec((*batch, d.minimum(m, n)), "int32")


@rule
def lu_packed_ex(call: Call, A: TensorSpec) -> Triple:  # noqa: N803
    """The same with error codes. Source: `torch.linalg.lu_factor_ex`."""
    factors, pivots = lu_packed(call, A)
    return factors, pivots, info(factors.parts[:-2])


@rule
def lu_old(call: Call, A: TensorSpec, get_infos: Any = False) -> Any:  # noqa: N803
    """The same; error codes on request. Source: `torch.lu`, `Tensor.lu`."""
    out = lu_packed_ex(call, A)
    return out if call.flag(get_infos) else out[:2]


@rule
def lu_method(call: Call, self: TensorSpec, get_infos: Any = False) -> Any:
    """The same. Source: `Tensor.lu`."""
    return lu_old(call, self, get_infos)


@rule
def lu(call: Call, A: TensorSpec, pivot: Any = True) -> Triple:  # noqa: N803
    """`"*b m n" -> "*b m m", "*b m k", "*b k n"`, k the smaller. Source: `torch.linalg.lu`."""
    batch, m, n = matrix(call, A)
    k = d.minimum(m, n)
    permutation = TensorSpec((*batch, m, m), A.dtype) if call.flag(pivot) else nothing(A.dtype)
    return permutation, TensorSpec((*batch, m, k), A.dtype), TensorSpec((*batch, k, n), A.dtype)


@rule
def lu_unpack(
    call: Call,
    LU_data: TensorSpec,  # noqa: N803
    LU_pivots: TensorSpec,  # noqa: N803
    unpack_data: Any = True,
    unpack_pivots: Any = True,
) -> Triple:
    """`"*b m n", "*b k" -> "*b m m", "*b m k", "*b k n"`. Source: `torch.lu_unpack`."""
    batch, m, n = matrix(call, LU_data)
    k = d.minimum(m, n)
    if call.flag(unpack_pivots):
        call.dtype(LU_pivots, "Int32")
        call.least(LU_pivots, 1)
        call.expect(LU_pivots, -1, k)
    data = call.flag(unpack_data)
    permutation = TensorSpec((*batch, m, m), LU_data.dtype) if call.flag(unpack_pivots) else nothing(LU_data.dtype)
    left = TensorSpec((*batch, m, k), LU_data.dtype) if data else nothing(LU_data.dtype)
    return permutation, left, TensorSpec((*batch, k, n), LU_data.dtype) if data else nothing(LU_data.dtype)


@rule
def ldl(call: Call, input: TensorSpec) -> Pair:
    """`"*b n n" -> "*b n n", "*b n"`: factors, int32 pivots. Source: `torch.linalg.ldl_factor`."""
    batch, n = square(call, input)
    return TensorSpec((*batch, n, n), input.dtype), TensorSpec((*batch, n), "int32")


@rule
def ldl_ex(call: Call, input: TensorSpec) -> Triple:
    """The same with error codes. Source: `torch.linalg.ldl_factor_ex`."""
    factors, pivots = ldl(call, input)
    return factors, pivots, info(factors.parts[:-2])


@rule
def householder(call: Call, input: TensorSpec, tau: TensorSpec) -> TensorSpec:
    """`"*b m n", "*b k" -> "*b m n"`, `k <= n <= m`. Source: `torch.linalg.householder_product`."""
    batch, m, n = matrix(call, input)
    call.same_dtype(input, tau)
    if tau.rank is not None and input.rank is not None:
        call.rank(tau, input.rank - 1)
        for i in range(len(batch)):
            call.match(input, i, tau, i)
    _not_more(call, input, -1, n, m)
    if tau.rank:
        _not_more(call, tau, -1, tau.parts[-1], n)
    return TensorSpec((*batch, m, n), input.dtype)


def _not_more(call: Call, x: TensorSpec, axis: int, size: Any, most: Any) -> None:
    over = size - most
    if isinstance(over, int) and over > 0:
        at = axis % len(x.parts)
        call.fail("dim-mismatch", "axis", argument=x.label or None, axis=at, got=size, want=f"at most {most}")


@rule
def orthogonal_product(
    call: Call, input: TensorSpec, input2: TensorSpec, input3: TensorSpec, left: Any = True
) -> TensorSpec:
    """`"*b r k", "*b k", "*b m n" -> "*b m n"`, r being m or, from the right, n. Source: `torch.ormqr`."""
    tau, other = input2, input3
    _, _, columns = matrix(call, input)
    batch, m, n = matrix(call, other)
    call.same_dtype(input, other)
    call.same_dtype(input, tau)
    call.least(tau, 1)
    side = -2 if call.flag(left) else -1
    call.match(input, -2, other, side)
    _not_more(call, tau, -1, call.at(tau, -1), columns)
    for x, axes in ((tau, 1), (other, 2)):
        if x.rank is not None and input.rank is not None:
            call.rank(x, input.rank - 2 + axes)
            for i in range(input.rank - 2):
                call.match(input, i, x, i)
    return TensorSpec((*batch, m, n), other.dtype)


@rule
def householder_old(call: Call, input: TensorSpec, input2: TensorSpec) -> TensorSpec:
    """The same as `householder`. Source: `torch.orgqr`."""
    return householder(call, input, input2)


# -- solving ---------------------------------------------------------------------------------------------------------


def _joined(call: Call, a: TensorSpec, b: TensorSpec) -> tuple[Any, ...]:
    """The batch axes that two batches of matrices broadcast to."""
    return call.broadcast(lead(a), lead(b))


def _sides(call: Call, a: TensorSpec, b: TensorSpec, left: bool = True) -> tuple[Any, ...]:
    """`"*b n n", "*b n k"` (from the right `"*b k n"`): the shape of the solution."""
    square(call, a)
    _, rows, columns = matrix(call, b)
    call.same_dtype(a, b)
    call.match(a, -1, b, -2 if left else -1)
    return (*_joined(call, a, b), rows, columns)


@rule
def solve(call: Call, A: TensorSpec, B: TensorSpec, left: Any = True) -> TensorSpec:  # noqa: N803
    """`"*b n n", "*b n k" -> "*b n k"`, or vectors `"*b n"`. Source: `torch.linalg.solve`."""
    square(call, A)
    call.rank(A)
    call.least(B, 1)
    left = call.flag(left)
    if _is_vector(call, A, B):
        call.same_dtype(A, B)
        if not left:
            call.wrong("left", False, True, "left")
        column = TensorSpec((*B.parts, 1), B.dtype, B.label)
        call.match(A, -1, B, -1)
        return TensorSpec(_sides(call, A, column)[:-1], A.dtype)
    return TensorSpec(_sides(call, A, B, left), A.dtype)


def _is_vector(call: Call, a: TensorSpec, b: TensorSpec) -> bool:
    """Whether the right side is a batch of vectors: one axis, or the shape of A without its last."""
    if call.rank(b) == 1:
        return True
    if b.rank != (a.rank or 0) - 1:
        return False
    same = {call.judge.verdict(p, q) for p, q in zip(a.parts[:-1], b.parts, strict=True)}  # type: ignore[arg-type]
    if Verdict.DIFFERENT not in same and Verdict.UNKNOWN in same:
        raise Unclear("vectors or matrices, that depends on sizes that are not known")
    return same == {Verdict.EQUAL}


@rule
def solve_ex(call: Call, A: TensorSpec, B: TensorSpec, left: Any = True) -> Pair:  # noqa: N803
    """The same with error codes. Source: `torch.linalg.solve_ex`."""
    return solve(call, A, B, left), info(A.parts[:-2])


@rule
def solve_triangular(call: Call, input: TensorSpec, B: TensorSpec, left: Any = True) -> TensorSpec:  # noqa: N803
    """`"*b n n", "*b n k" -> "*b n k"`. Source: `torch.linalg.solve_triangular`."""
    return TensorSpec(_sides(call, input, B, call.flag(left)), promote(input.dtype, B.dtype))


@rule
def triangular_solve(call: Call, input: TensorSpec, A: TensorSpec) -> Pair:  # noqa: N803
    """`"*b n k", "*b n n" -> "*b n k", "*b n n"`. Source: `torch.triangular_solve`."""
    shape = _sides(call, A, input)
    return TensorSpec(shape, input.dtype), TensorSpec((*shape[:-2], *A.parts[-2:]), A.dtype)


@rule
def cholesky_solve(call: Call, input: TensorSpec, input2: TensorSpec) -> TensorSpec:
    """`"*b n k", "*b n n" -> "*b n k"`. Source: `torch.cholesky_solve`."""
    return TensorSpec(_sides(call, input2, input), input.dtype)


@rule
def lu_solve(call: Call, LU: TensorSpec, pivots: TensorSpec, B: TensorSpec, left: Any = True) -> TensorSpec:  # noqa: N803
    """`"*b n n", "*b n", "*b n k" -> "*b n k"`. Source: `torch.linalg.lu_solve`."""
    call.dtype(pivots, "Int32")
    call.least(pivots, 1)
    shape = _sides(call, LU, B, call.flag(left))
    _pivots(call, LU, pivots)
    return TensorSpec(shape, B.dtype)


def _pivots(call: Call, factors: TensorSpec, pivots: TensorSpec) -> None:
    if factors.rank is not None and pivots.rank is not None:
        call.rank(pivots, factors.rank - 1)
        for i in range(factors.rank - 1):
            call.match(factors, i, pivots, i)


@rule
def lu_solve_old(call: Call, input: TensorSpec, LU_data: TensorSpec, LU_pivots: TensorSpec) -> TensorSpec:  # noqa: N803
    """`"*b n k", "*b n n", "*b n" -> "*b n k"`. Source: `torch.lu_solve`."""
    return lu_solve(call, LU_data, LU_pivots, input)


@rule
def ldl_solve(call: Call, LD: TensorSpec, pivots: TensorSpec, B: TensorSpec) -> TensorSpec:  # noqa: N803
    """`"*b n n", "*b n", "*b n k" -> "*b n k"`. Source: `torch.linalg.ldl_solve`."""
    call.dtype(pivots, "Integer")
    shape = _sides(call, LD, B)
    _pivots(call, LD, pivots)
    return TensorSpec(shape, B.dtype)


@rule
def least_squares(call: Call, input: TensorSpec, b: TensorSpec, driver: Any = None) -> tuple[TensorSpec, ...]:
    """`"*b m n", "*b m k" -> "*b n k"`, residuals, ranks, singular values. Source: `torch.linalg.lstsq`."""
    batch, m, n = matrix(call, input)
    call.same_dtype(input, b)
    call.least(b, 1)
    if isinstance(driver, Unknown):
        raise Unclear("`driver` is not known")
    vector = call.rank(input) - 1 == call.rank(b)
    column = TensorSpec((*b.parts, 1) if vector else b.parts, b.dtype, b.label)
    call.match(input, -2, b, -1 if vector else -2)
    joined = _joined(call, input, column)
    columns = () if vector else (column.parts[-1],)
    solution = TensorSpec((*joined, n, *columns), input.dtype)
    residuals = _residuals(call, joined, column.parts[-1], m, n, driver, input.dtype)
    ranks = TensorSpec((0,) if driver == "gels" else batch, "int64")
    values = (*batch, d.minimum(m, n)) if driver in ("gelsd", "gelss") else (0,)
    return solution, residuals, ranks, TensorSpec(values, real_of(input.dtype))


def _residuals(call: Call, batch: tuple[Any, ...], k: Any, m: Any, n: Any, driver: Any, dtype: Any) -> TensorSpec:
    """Residuals exist with more rows than columns; two of the drivers also need full rank, which values decide."""
    more = m - n
    known = isinstance(more, int)
    if driver in (None, "gelsy") or (known and more <= 0):
        return nothing(real_of(dtype))
    if driver == "gels" and known:
        return TensorSpec((*batch, k), real_of(dtype))
    return TensorSpec(None, real_of(dtype))
