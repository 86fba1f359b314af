"""Fourier transforms. Source: `torch.fft`, `torch.stft`, `torch.istft`."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.promotion import named_dtype
from shapetypes.ops.rules.reduce import complex_of, floated, real_of


def _axes_and_sizes(call: Call, x: TensorSpec, s: Any, dim: Any) -> tuple[tuple[int, ...], list[Dim | None]]:
    """The axes that are transformed and the size asked for each; None keeps the tensor's own."""
    if isinstance(s, Unknown) or isinstance(dim, Unknown):
        raise Unclear("the axes are not known")
    wanted = None if s is None else [s] if isinstance(s, (int, d.Poly)) else list(s)
    if dim is None:
        rank = call.rank(x)
        if wanted is not None and len(wanted) > rank:
            call.fail("rank-mismatch", "count", name="sizes", got=len(wanted), want=f"at most {rank}")
        places = tuple(range(rank - (rank if wanted is None else len(wanted)), rank))
    else:
        places = call.places(x, dim)
    if wanted is not None and len(wanted) != len(places):
        call.fail("rank-mismatch", "count", name="sizes", got=len(wanted), want=len(places))
    sizes: list[Dim | None] = [None] * len(places)
    if wanted is not None:
        sizes = [None if n == -1 else call.size(n) for n in wanted]
    return places, sizes


def _sized(call: Call, x: TensorSpec, places: tuple[int, ...], sizes: list[Dim | None]) -> list[Any]:
    """The shape of the signal: cut or filled up along the transformed axes, none of which may be empty."""
    shape: list[Any] = list(x.parts)
    for i, n in zip(places, sizes, strict=True):
        if n is not None:
            shape[i] = n
        if isinstance(shape[i], int) and shape[i] < 1:
            call.fail("dim-mismatch", "axis", argument=x.label or None, axis=i, got=shape[i], want="at least 1")
    return shape


def _transform(call: Call, x: TensorSpec, s: Any, dim: Any, kind: str) -> TensorSpec:
    if kind in ("rfft", "ihfft"):
        call.dtype(x, "Real") if x.dtype != "bool" else None
    if dim is not None:
        call.least(x, 1)
    places, sizes = _axes_and_sizes(call, x, s, dim)
    if not places:
        if kind in ("fft", "ifft"):
            return TensorSpec(x.parts, complex_of(floated(x.dtype)))
        call.fail("rank-mismatch", "count", name="axes", got=0, want="at least 1")
    last = places[-1]
    if kind in ("irfft", "hfft"):
        # one side of the spectrum: from n//2+1 values, n; by default 2*(m-1)
        n = sizes[-1] if sizes[-1] is not None else 2 * (x.parts[last] - 1)  # type: ignore[operator]
        sizes[-1] = n
        return TensorSpec(_sized(call, x, places, sizes), real_of(floated(x.dtype)))
    shape = _sized(call, x, places, sizes)
    if kind in ("rfft", "ihfft"):
        shape[last] = d.floordiv(shape[last], 2) + 1
    return TensorSpec(shape, complex_of(floated(x.dtype)))


@rule
def fft(call: Call, input: TensorSpec, n: Any = None, dim: Any = -1) -> TensorSpec:
    """`"*a t *b" -> "*a n *b"`, complex. Source: `torch.fft.fft`, `ifft`."""
    return _transform(call, input, n, dim, "fft")


@rule
def rfft(call: Call, input: TensorSpec, n: Any = None, dim: Any = -1) -> TensorSpec:
    """`"*a t *b" -> "*a n//2+1 *b"`, from real to complex. Source: `torch.fft.rfft`, `ihfft`."""
    return _transform(call, input, n, dim, "rfft")


@rule
def irfft(call: Call, input: TensorSpec, n: Any = None, dim: Any = -1) -> TensorSpec:
    """`"*a t *b" -> "*a n *b"`, real, n by default `2*(t-1)`. Source: `torch.fft.irfft`, `hfft`."""
    return _transform(call, input, n, dim, "irfft")


@rule
def fftn(call: Call, input: TensorSpec, s: Any = None, dim: Any = None) -> TensorSpec:
    """The same along several axes. Source: `torch.fft.fftn`, `ifftn`, `fft2`, `ifft2`."""
    return _transform(call, input, s, dim, "fft")


@rule
def rfftn(call: Call, input: TensorSpec, s: Any = None, dim: Any = None) -> TensorSpec:
    """The last of the axes is halved. Source: `torch.fft.rfftn`, `ihfftn`, `rfft2`, `ihfft2`."""
    return _transform(call, input, s, dim, "rfft")


@rule
def irfftn(call: Call, input: TensorSpec, s: Any = None, dim: Any = None) -> TensorSpec:
    """The last of the axes is doubled. Source: `torch.fft.irfftn`, `hfftn`, `irfft2`, `hfft2`."""
    return _transform(call, input, s, dim, "irfft")


@rule
def fftshift(call: Call, input: TensorSpec, dim: Any = None) -> TensorSpec:
    """`"*a" -> "*a"`. Source: `torch.fft.fftshift`, `ifftshift`."""
    if dim is not None:
        call.places(input, dim)
    return input.with_shape(input.parts)


@rule
def fftfreq(call: Call, n: Any, dtype: Any = None) -> TensorSpec:
    """`-> "n"`. Source: `torch.fft.fftfreq`."""
    return TensorSpec((call.size(n),), named_dtype(dtype, "float32"))


@rule
def rfftfreq(call: Call, n: Any, dtype: Any = None) -> TensorSpec:
    """`-> "n//2+1"`. Source: `torch.fft.rfftfreq`."""
    return TensorSpec((d.floordiv(call.size(n), 2) + 1,), named_dtype(dtype, "float32"))


# -- short-time transforms -------------------------------------------------------------------------------------------


@rule
def stft(
    call: Call,
    input: TensorSpec,
    n_fft: Any,
    hop_length: Any = None,
    win_length: Any = None,
    window: Any = None,
    center: Any = True,
    pad_mode: Any = "reflect",
    onesided: Any = None,
    return_complex: Any = None,
) -> TensorSpec:
    """`"*b t" -> "*b f frames"`, at most one batch axis, `f = n_fft//2+1` for real signals. Source: `torch.stft`."""
    call.rank(input, 1, 2)
    call.dtype(input, "Inexact")
    n = call.size(n_fft)
    hop = d.floordiv(n, 4) if hop_length is None else call.size(hop_length)
    width = n if win_length is None else call.size(win_length)
    _window(call, window, width, n)
    length: Any = input.parts[-1]
    if call.flag(center):
        _reflects(call, input, d.floordiv(n, 2), pad_mode)
        length = length + 2 * d.floordiv(n, 2)
    if isinstance(length, int) and isinstance(n, int) and not 0 < n <= length:
        call.wrong("n_fft", n, f"1 to {length}", "n_fft")
    is_complex = input.dtype in ("complex64", "complex128", "complex32")
    one_side = not is_complex if onesided is None else call.flag(onesided)
    bins = d.floordiv(n, 2) + 1 if one_side else n
    if hop == 0:
        call.wrong("hop_length", 0, "at least 1", "hop_length")
    frames = d.floordiv(length - n, hop) + 1
    shape = (*input.parts[:-1], bins, frames)
    if return_complex is None and not is_complex:
        return_complex = _of_window(window)
    if call.flag(return_complex) or is_complex:
        return TensorSpec(shape, complex_of(input.dtype))
    return TensorSpec((*shape, 2), input.dtype)


def _reflects(call: Call, x: TensorSpec, pad: Dim, mode: Any) -> None:
    """Reflection needs more than is padded."""
    short = pad - x.parts[-1]  # type: ignore[operator]
    if mode == "reflect" and isinstance(short, int) and short >= 0:
        at = len(x.parts) - 1
        call.fail("dim-mismatch", "axis", argument=x.label or None, axis=at, got=x.parts[-1], want=f"more than {pad}")


def _of_window(window: Any) -> bool:
    return isinstance(window, TensorSpec) and window.dtype in ("complex64", "complex128")


def _window(call: Call, window: Any, width: Dim, n: Dim) -> None:
    if isinstance(window, TensorSpec):
        call.rank(window, 1)
        call.expect(window, 0, width, "win_length")
    over = width - n
    if isinstance(over, int) and over > 0:
        call.wrong("win_length", width, f"at most {n}", "win_length")


@rule
def istft(
    call: Call,
    input: TensorSpec,
    n_fft: Any,
    hop_length: Any = None,
    win_length: Any = None,
    window: Any = None,
    center: Any = True,
    onesided: Any = None,
    length: Any = None,
    return_complex: Any = False,
) -> TensorSpec:
    """`"*b f frames" -> "*b t"`. Source: `torch.istft`."""
    call.rank(input, 2, 3)
    call.dtype(input, "Complex")
    n = call.size(n_fft)
    hop = d.floordiv(n, 4) if hop_length is None else call.size(hop_length)
    width = n if win_length is None else call.size(win_length)
    _window(call, window, width, n)
    both = call.flag(return_complex)
    whole = call.judge.equal(call.at(input, -2), n) if onesided is None else not call.flag(onesided)
    call.expect(input, -2, n if whole else d.floordiv(n, 2) + 1, "n_fft")
    total: Any = n + hop * (input.parts[-1] - 1)  # type: ignore[operator]
    if length is not None:
        total = call.size(length)
    elif call.flag(center):
        total = total - 2 * d.floordiv(n, 2)
    dtype = input.dtype if both else real_of(input.dtype)
    return TensorSpec((*input.parts[:-2], total), dtype)
