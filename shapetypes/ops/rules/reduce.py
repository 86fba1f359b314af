"""Reductions over axes, cumulative operations and softmax."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from shapetypes.core.dtype import as_dtype, as_set, category
from shapetypes.core.shape import KEPT, TensorSpec, Unknown, cut_var
from shapetypes.ops.call import Call, Unclear, replaced, rule
from shapetypes.ops.promotion import named_dtype

DTypeSpec = str | frozenset[str] | None


def mapped(dtype: DTypeSpec, by: Any) -> DTypeSpec:
    """A dtype with a function of names applied to each name that it may be."""
    names = as_set(dtype)
    return None if names is None else as_dtype(frozenset(by(name) for name in names))


def given(dtype: Any, otherwise: DTypeSpec) -> DTypeSpec:
    """The `dtype=` argument, or what holds without it."""
    return named_dtype(dtype, otherwise)


def counted(dtype: DTypeSpec) -> DTypeSpec:
    """Sums of bools and integers are int64."""
    return mapped(dtype, lambda n: "int64" if category(n) in (0, 1) else n)


def floated(dtype: DTypeSpec) -> DTypeSpec:
    """Functions with real results make integers float32."""
    return mapped(dtype, lambda n: "float32" if category(n) in (0, 1) else n)


_REAL_OF = {"complex32": "float16", "complex64": "float32", "complex128": "float64"}
_COMPLEX_OF = {"float16": "complex32", "float32": "complex64", "float64": "complex128"}


def real_of(dtype: DTypeSpec) -> DTypeSpec:
    """Absolute values of complex numbers are real."""
    return mapped(dtype, lambda n: _REAL_OF.get(n, n))


def complex_of(dtype: DTypeSpec) -> DTypeSpec:
    """The complex dtype whose parts are of this dtype."""
    return mapped(dtype, lambda n: _COMPLEX_OF.get(n, n))


def _everything(dim: Any) -> bool:
    """Whether no axis is named, which means all of them."""
    return dim is None or (isinstance(dim, (list, tuple)) and not dim)


def cut(call: Call, x: TensorSpec, dim: Any, keepdim: Any = False) -> tuple[Any, ...]:
    """The shape without the axes `dim` (all if None or empty), or with 1 in their place."""
    keep = call.flag(keepdim)
    if _everything(dim):
        if not keep:
            return ()
        return (KEPT,) * call.rank(x)
    inside = call.variadic_at(x, dim) if isinstance(dim, int) and x.rank is None else None
    if inside is not None and not keep:
        return (*x.parts[:inside], cut_var(), *x.parts[inside + 1 :])
    gone = call.places(x, dim)
    if x.rank == 0:
        return ()
    parts = x.parts
    if keep:
        return tuple(KEPT if i in gone else p for i, p in enumerate(parts))
    return tuple(p for i, p in enumerate(parts) if i not in gone)


def nonempty(call: Call, x: TensorSpec, dim: Any = None) -> None:
    """Refuse a reduction that has no value over nothing, along axes of size 0."""
    if _everything(dim):
        count = call.elements(x)
        if count is not None and call.judge.equal(count, 0):
            call.wrong("the number of elements", 0, "at least 1", x.label or None)
        return
    if x.rank == 0:
        return
    for i in call.places(x, dim):
        if call.judge.equal(x.parts[i], 0):  # type: ignore[arg-type]
            call.fail("dim-mismatch", "axis", argument=x.label or None, axis=i, got=0, want="at least 1")


def not_complex(call: Call, x: TensorSpec) -> None:
    """Refuse complex numbers, which have no order."""
    names = as_set(x.dtype)
    if names is not None and all(category(n) == 3 for n in names):
        call.fail("dtype-mismatch", "dtype", argument=x.label or None, got=x.dtype, want="Real")


@rule
def reduce_sum(call: Call, input: TensorSpec, dim: Any = None, keepdim: Any = False, dtype: Any = None) -> TensorSpec:
    """`"*a d *b" -> "*a *b"` (or 1 for `d`); integers become int64. Source: `torch.sum`, `prod`."""
    return TensorSpec(cut(call, input, dim, keepdim), given(dtype, counted(input.dtype)))


@rule
def reduce_nansum(
    call: Call, input: TensorSpec, dim: Any = None, keepdim: Any = False, dtype: Any = None
) -> TensorSpec:
    """The same, not of complex numbers. Source: `torch.nansum`."""
    not_complex(call, input)
    return reduce_sum(call, input, dim, keepdim, dtype)


@rule
def reduce_nanmean(
    call: Call, input: TensorSpec, dim: Any = None, keepdim: Any = False, dtype: Any = None
) -> TensorSpec:
    """As the mean, floating only. Source: `torch.nanmean`."""
    call.dtype(input, "Float")
    return reduce_mean(call, input, dim, keepdim, dtype)


@rule
def reduce_mean(call: Call, input: TensorSpec, dim: Any = None, keepdim: Any = False, dtype: Any = None) -> TensorSpec:
    """`"*a d *b" -> "*a *b"`; floating or complex only. Source: `torch.mean`."""
    if dtype is None:
        call.dtype(input, "Inexact")
    return TensorSpec(cut(call, input, dim, keepdim), given(dtype, input.dtype))


@rule
def reduce_spread(
    call: Call, input: TensorSpec, dim: Any = None, keepdim: Any = False, unbiased: Any = True
) -> TensorSpec:
    """`"*a d *b" -> "*a *b"`, real. Source: `torch.std`, `var`."""
    call.dtype(input, "Inexact")
    return TensorSpec(cut(call, input, dim, keepdim), real_of(input.dtype))


@rule
def reduce_spread_mean(
    call: Call, input: TensorSpec, dim: Any = None, keepdim: Any = False, unbiased: Any = True
) -> tuple[TensorSpec, TensorSpec]:
    """The spread and the mean over the same axes. Source: `torch.std_mean`, `var_mean`."""
    call.dtype(input, "Inexact")
    shape = cut(call, input, dim, keepdim)
    return TensorSpec(shape, real_of(input.dtype)), TensorSpec(shape, input.dtype)


@rule
def reduce_extreme(call: Call, input: TensorSpec, dim: Any = (), keepdim: Any = False) -> TensorSpec:
    """`"*a d *b" -> "*a *b"` of the same dtype; no value over nothing. Source: `torch.amax`, `amin`, `max(input)`."""
    not_complex(call, input)
    nonempty(call, input, dim)
    return TensorSpec(cut(call, input, dim, keepdim), input.dtype)


@rule
def reduce_extremes(
    call: Call, input: TensorSpec, dim: Any = None, keepdim: Any = False
) -> tuple[TensorSpec, TensorSpec]:
    """The smallest and the largest. Source: `torch.aminmax`."""
    out = reduce_extreme(call, input, dim, keepdim)
    return out, out


@rule
def reduce_extreme_at(call: Call, input: TensorSpec, dim: Any, keepdim: Any = False) -> tuple[TensorSpec, TensorSpec]:
    """Values and their indices: `"*a d *b" -> "*a *b", "*a *b"`. Source: `torch.max(input, dim)`, `min`."""
    not_complex(call, input)
    nonempty(call, input, dim)
    shape = cut(call, input, dim, keepdim)
    return TensorSpec(shape, input.dtype), TensorSpec(shape, "int64")


@rule
def reduce_median(call: Call, input: TensorSpec) -> TensorSpec:
    """`"*a" -> ""`. Source: `torch.median(input)`, `nanmedian`."""
    call.dtype(input, "Real")
    return TensorSpec((), input.dtype)


@rule
def reduce_arg(call: Call, input: TensorSpec, dim: Any = None, keepdim: Any = False) -> TensorSpec:
    """`"*a d *b" -> "*a *b"` of int64. Source: `torch.argmax`, `argmin`."""
    call.dtype(input, "Real")
    nonempty(call, input, dim)
    return TensorSpec(cut(call, input, dim, keepdim), "int64")


@rule
def reduce_bool(call: Call, input: TensorSpec, dim: Any = None, keepdim: Any = False) -> TensorSpec:
    """`"*a d *b" -> "*a *b"`, bool (uint8 stays). Source: `torch.all`, `any`."""
    if isinstance(dim, (list, tuple)) and not dim:  # here, unlike in `sum`, no axes are no axes
        shape = input.parts
    else:
        shape = cut(call, input, dim, keepdim)
    return TensorSpec(shape, mapped(input.dtype, lambda n: n if n == "uint8" else "bool"))


@rule
def reduce_count(call: Call, input: TensorSpec, dim: Any = None) -> TensorSpec:
    """`"*a d *b" -> "*a *b"` of int64. Source: `torch.count_nonzero`."""
    return TensorSpec(cut(call, input, dim), "int64")


@rule
def reduce_logsumexp(call: Call, input: TensorSpec, dim: Any, keepdim: Any = False) -> TensorSpec:
    """`"*a d *b" -> "*a *b"`, floating. Source: `torch.logsumexp`."""
    if _everything(dim) and not call.flag(keepdim) and input.rank and 0 not in input.parts:
        call.fail("rank-mismatch", "count", name="axes", got=0, want="at least 1")
    return TensorSpec(cut(call, input, dim, keepdim), floated(input.dtype))


@rule
def reduce_norm(
    call: Call, input: TensorSpec, p: Any = "fro", dim: Any = None, keepdim: Any = False, dtype: Any = None
) -> TensorSpec:
    """`"*a d *b" -> "*a *b"`, real; at most two axes for matrix norms. Source: `torch.norm`."""
    if dtype is None:
        call.dtype(input, "Inexact")
    if p == "nuc":
        axes = call.axes(input, dim) if dim is not None else tuple(range(call.rank(input)))
        if len(axes) != 2:
            call.fail("rank-mismatch", "count", name="axes", got=len(axes), want=2)
    return TensorSpec(cut(call, input, dim, keepdim), real_of(given(dtype, input.dtype)))


@rule
def reduce_quantile(call: Call, input: TensorSpec, q: Any, dim: Any = None, keepdim: Any = False) -> TensorSpec:
    """`"*a d *b", "q" -> "q *a *b"`; a number for `q` adds no axis. Source: `torch.quantile`, `nanquantile`."""
    call.dtype(input, "Float")
    nonempty(call, input, dim)
    lead: tuple[Any, ...] = ()
    if isinstance(q, TensorSpec):
        call.rank(q, 0, 1)
        call.same_dtype(input, q)
        lead = q.parts
    elif isinstance(q, Unknown):
        raise Unclear("`q` is not known")
    return TensorSpec((*lead, *cut(call, input, dim, keepdim)), input.dtype)


@rule
def reduce_trace(call: Call, input: TensorSpec) -> TensorSpec:
    """`"n m" -> ""`. Source: `torch.trace`."""
    call.rank(input, 2)
    call.dtype(input, "Num")
    return TensorSpec((), counted(input.dtype))


@rule
def reduce_kthvalue(
    call: Call, input: TensorSpec, k: Any, dim: Any = -1, keepdim: Any = False
) -> tuple[TensorSpec, TensorSpec]:
    """`"*a n *b" -> "*a *b", "*a *b"`, `1 <= k <= n`. Source: `torch.kthvalue`."""
    call.dtype(input, "Real")
    at = call.place(input, dim)
    n = input.parts[at] if input.rank != 0 else 1
    if isinstance(k, int) and isinstance(n, int) and not 1 <= k <= n:
        call.wrong("k", k, f"1 to {n}")
    shape = cut(call, input, dim, keepdim)
    return TensorSpec(shape, input.dtype), TensorSpec(shape, "int64")


# -- along an axis ---------------------------------------------------------------------------------------------------


@rule
def scan_sum(call: Call, input: TensorSpec, dim: Any, dtype: Any = None) -> TensorSpec:
    """`"*a" -> "*a"`; integers become int64. Source: `torch.cumsum`, `cumprod`."""
    call.place(input, dim)
    return TensorSpec(input.parts, given(dtype, counted(input.dtype)))


@rule
def scan_sum_(call: Call, self: TensorSpec, dim: Any, dtype: Any = None) -> TensorSpec:
    """The same in place: the dtype stays. Source: `Tensor.cumsum_`, `cumprod_`."""
    call.place(self, dim)
    return self


@rule
def scan_extreme(call: Call, input: TensorSpec, dim: Any) -> tuple[TensorSpec, TensorSpec]:
    """`"*a" -> "*a", "*a"`: values and indices. Source: `torch.cummax`, `cummin`."""
    not_complex(call, input)
    call.place(input, dim)
    return input.with_shape(input.parts), TensorSpec(input.parts, "int64")


@rule
def scan_logsumexp(call: Call, input: TensorSpec, dim: Any) -> TensorSpec:
    """`"*a" -> "*a"`. Source: `torch.logcumsumexp`."""
    call.dtype(input, "Inexact")
    call.place(input, dim)
    return input.with_shape(input.parts)


@rule
def softmax(call: Call, input: TensorSpec, dim: Any, dtype: Any = None) -> TensorSpec:
    """`"*a" -> "*a"`, floating only. Source: `torch.softmax`, `log_softmax`."""
    if dim is not None and not (isinstance(dim, Unknown)):
        _same_place(call, input, dim)
    if dtype is None:
        call.dtype(input, "Float")
    return TensorSpec(input.parts, given(dtype, input.dtype))


def _same_place(call: Call, x: TensorSpec, dim: Any) -> None:
    with suppress(Unclear):  # the shape stays in any case
        call.place(x, dim)


@rule
def renorm(call: Call, input: TensorSpec, p: Any, dim: Any, maxnorm: Any) -> TensorSpec:
    """`"*a" -> "*a"`, at least two axes. Source: `torch.renorm`."""
    call.dtype(input, "Inexact")
    call.least(input, 2)
    call.place(input, dim)
    return input.with_shape(input.parts)


@rule
def diff(
    call: Call, input: TensorSpec, n: Any = 1, dim: Any = -1, prepend: Any = None, append: Any = None
) -> TensorSpec:
    """`"*a t *b" -> "*a t-n *b"`, `prepend` and `append` joined before. Source: `torch.diff`."""
    call.least(input, 1)
    at = call.place(input, dim)
    size = input.parts[at]
    steps = call.integer(n)
    if steps < 0:
        call.wrong("n", steps, "at least 0", "n")
    if steps == 0:  # then nothing is joined either
        return input.with_shape(input.parts)
    for piece in (prepend, append):
        if piece is None:
            continue
        extra = call.tensor(piece)
        call.rank(extra, call.rank(input))
        for i in range(call.rank(input)):
            if i != at:
                call.match(input, i, extra, i)
        size = size + extra.parts[at]  # type: ignore[operator]
    left = size - steps  # type: ignore[operator]
    return TensorSpec(replaced(input.parts, at, max(left, 0) if isinstance(left, int) else left), input.dtype)


@rule
def tensor_norm(
    call: Call, self: TensorSpec, p: Any = "fro", dim: Any = None, keepdim: Any = False, dtype: Any = None
) -> TensorSpec:
    """As `torch.norm`, whose arguments have another order. Source: `Tensor.norm`."""
    return reduce_norm(call, self, p, dim, keepdim, dtype)
