"""NumPy's linear algebra and some statistics."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dtype import FLOATS, as_set
from shapetypes.core.shape import TensorSpec
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.rules.arrays import array_like, np_function
from shapetypes.ops.rules.factors import qr, svd_reduced_or_full
from shapetypes.ops.rules.matrices import lead, matrix, square
from shapetypes.ops.rules.reduce import cut


def _floating(call: Call, a: Any) -> TensorSpec:
    """The array as the functions take it: of ints they make float64."""
    x = array_like(call, a)
    names = as_set(x.dtype)
    return TensorSpec(x.parts, x.dtype if names is not None and names <= FLOATS else None, x.label)


@rule
def np_svd(
    call: Call, a: Any, full_matrices: Any = True, compute_uv: Any = True
) -> TensorSpec | tuple[TensorSpec, TensorSpec, TensorSpec]:
    """`"*b m n" -> "*b m k", "*b k", "*b k n"`, k the smaller, or m and n if full. Source: `numpy.linalg.svd`."""
    found = svd_reduced_or_full(call, _floating(call, a), full_matrices)
    return found if call.flag(compute_uv) else found[1]


@rule
def np_qr(call: Call, a: Any, mode: Any = "reduced") -> tuple[TensorSpec, TensorSpec]:
    """`"*b m n" -> "*b m k", "*b k n"`, k the smaller, or m if complete. Source: `numpy.linalg.qr`."""
    return qr(call, _floating(call, a), mode)


@rule
def np_eigh(call: Call, a: Any) -> tuple[TensorSpec, TensorSpec]:
    """`"*b n n" -> "*b n", "*b n n"`. Source: `numpy.linalg.eigh`, `eig`."""
    batch, n = square(call, _floating(call, a))
    return TensorSpec((*batch, n), None), TensorSpec((*batch, n, n), None)


@rule
def np_eigvalsh(call: Call, a: Any) -> TensorSpec:
    """`"*b n n" -> "*b n"`. Source: `numpy.linalg.eigvalsh`, `eigvals`."""
    return np_eigh(call, a)[0]


@rule
def np_inv(call: Call, a: Any) -> TensorSpec:
    """`"*b n n" -> "*b n n"`. Source: `numpy.linalg.inv`, `cholesky`."""
    x = _floating(call, a)
    square(call, x)
    return x


@rule
def np_pinv(call: Call, a: Any) -> TensorSpec:
    """`"*b m n" -> "*b n m"`. Source: `numpy.linalg.pinv`."""
    x = _floating(call, a)
    batch, m, n = matrix(call, x)
    return TensorSpec((*batch, n, m), x.dtype)


@rule
def np_det(call: Call, a: Any) -> TensorSpec:
    """`"*b n n" -> "*b"`. Source: `numpy.linalg.det`."""
    x = _floating(call, a)
    batch, _ = square(call, x)
    return TensorSpec(batch, x.dtype)


@rule
def np_solve(call: Call, a: Any, b: Any) -> TensorSpec:
    """`"n n", "n" -> "n"` or `"*#b n n", "*#b n k" -> "*b n k"`. Source: `numpy.linalg.solve`."""
    x, y = _floating(call, a), _floating(call, b)
    batch, _ = square(call, x)
    call.least(y, 1)
    if call.rank(y) == 1:
        call.match(x, -1, y, 0)
        return TensorSpec((*batch, *y.parts), None)
    call.match(x, -1, y, -2)
    return TensorSpec((*call.broadcast(TensorSpec(batch), lead(y)), *y.parts[-2:]), None)


@rule
def np_cov(call: Call, m: Any, y: Any = None, rowvar: Any = True) -> TensorSpec:
    """`"d n" -> "d d"`; columns are the variables without `rowvar`. Source: `numpy.cov`."""
    x = array_like(call, m)
    if y is not None or x.rank != 2:
        raise Unclear("variables of two arrays")
    size = call.at(x, 0 if call.flag(rowvar) else 1)
    return TensorSpec(() if size == 1 else (size, size), None)


@rule
def np_corrcoef(call: Call, x: Any, y: Any = None, rowvar: Any = True) -> TensorSpec:
    """The same. Source: `numpy.corrcoef`."""
    return np_cov(call, x, y, rowvar)


@rule
def np_diff(call: Call, a: Any, n: Any = 1, axis: Any = -1, prepend: Any = None, append: Any = None) -> TensorSpec:
    """`"n *s" -> "n-1 *s"` along one axis. Source: `numpy.diff`."""
    if prepend is not None or append is not None:
        raise Unclear("how much is put before or after")
    x = array_like(call, a)
    call.least(x, 1)
    call.rank(x)
    at = call.axis(x, call.integer(axis))
    steps = call.size(n)
    size = call.at(x, at) - steps if isinstance(steps, int) else d.unknown("how often differences are taken")
    parts = list(x.parts)
    parts[at] = max(size, 0) if isinstance(size, int) else size
    return x.with_shape(parts)


@rule
def np_nanmean(call: Call, a: Any, axis: Any = None, dtype: Any = None, keepdims: Any = False) -> TensorSpec:
    """Without the named axes; ints become float64. Source: `numpy.nanmean`, `nanstd`, `nanvar`."""
    x = _floating(call, a)
    return TensorSpec(cut(call, x, axis, keepdims), x.dtype if dtype is None else None)


@rule
def np_test(call: Call, x: Any) -> TensorSpec:
    """`"*s" -> "*s"`, bool. Source: `numpy.isnan`, `logical_not`, ... ."""
    return TensorSpec(np_function(call, x).parts, "bool")


@rule
def np_windows(call: Call, x: Any, window_shape: Any, axis: Any = None) -> TensorSpec:
    """`"n *s" -> "n-w+1 *s w"` for a window `w` along one axis. Source: `sliding_window_view`."""
    a = array_like(call, x)
    rank = call.rank(a)
    if isinstance(window_shape, (list, tuple)) or (axis is None and rank != 1):
        raise Unclear("windows along several axes")
    at = call.axis(a, 0 if axis is None else call.integer(axis))
    width = call.size(window_shape)
    size = call.at(a, at)
    if isinstance(size, int) and isinstance(width, int) and width > size:
        call.wrong("window_shape", width, f"at most {size}", "x")
    parts = list(a.parts)
    parts[at] = size - width + 1
    return a.with_shape((*parts, width))


__all__ = [
    "np_corrcoef",
    "np_cov",
    "np_det",
    "np_diff",
    "np_eigh",
    "np_eigvalsh",
    "np_inv",
    "np_nanmean",
    "np_pinv",
    "np_qr",
    "np_solve",
    "np_svd",
    "np_test",
    "np_windows",
]
