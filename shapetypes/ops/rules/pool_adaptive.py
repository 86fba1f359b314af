"""Pooling to a given size: adaptive and fractional."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.call import Call, rule
from shapetypes.ops.rules.layer_parts import all_at_least, ints, leading, number, size_at_least, spatial_rank


def _targets(call: Call, x: TensorSpec, wanted: Any, count: int) -> tuple[Dim, ...]:
    """The sizes asked for; None keeps the size of the input."""
    if isinstance(wanted, (list, tuple)) and len(wanted) == count:
        sizes = tuple(call.at(x, i - count) if v is None else call.size(v) for i, v in enumerate(wanted))
    elif wanted is None:
        sizes = tuple(call.at(x, i - count) for i in range(count))
    else:
        sizes = ints(call, wanted, count, "output_size")
    all_at_least(call, sizes, 0, "output_size")
    return sizes


def _mean(call: Call, input: TensorSpec, output_size: Any, count: int) -> TensorSpec | None:
    """Averages down to size 1 take any number of axes before the spatial ones."""
    values = output_size if isinstance(output_size, (list, tuple)) else (output_size,)
    if not values or any(isinstance(v, bool) or not isinstance(v, int) or v != 1 for v in values):
        return None
    call.dtype(input, "Float")
    call.least(input, count + isinstance(output_size, (list, tuple)))
    return TensorSpec((*leading(input, count), *(1,) * count), input.dtype)


def _adaptive(call: Call, input: TensorSpec, output_size: Any, count: int, channels: int = 0) -> TensorSpec:
    call.dtype(input, "Float")
    spatial_rank(call, input, count)
    for i in range(count):
        size_at_least(call, input, -1 - i, 1)
    if input.rank == count + 2:
        size_at_least(call, input, 1, 1 if count == 3 else channels)
    return TensorSpec((*leading(input, count), *_targets(call, input, output_size, count)), input.dtype)


@rule
def adaptive_avg_pool1d(call: Call, input: TensorSpec, output_size: Any) -> TensorSpec:
    """`"n? c t" -> "n? c output_size"`. Source: `F.adaptive_avg_pool1d`."""
    return _adaptive(call, call.tensor(input), output_size, 1)


@rule
def adaptive_avg_pool2d(call: Call, input: TensorSpec, output_size: Any) -> TensorSpec:
    """`"n? c h w" -> "n? c h2 w2"`; None keeps a size. Source: `F.adaptive_avg_pool2d`."""
    x = call.tensor(input)
    return _mean(call, x, output_size, 2) or _adaptive(call, x, output_size, 2)


@rule
def adaptive_avg_pool3d(call: Call, input: TensorSpec, output_size: Any) -> TensorSpec:
    """`"n? c d h w" -> "n? c d2 h2 w2"`; None keeps a size. Source: `F.adaptive_avg_pool3d`."""
    x = call.tensor(input)
    return _mean(call, x, output_size, 3) or _adaptive(call, x, output_size, 3)


def _adaptive_max(call: Call, input: TensorSpec, output_size: Any, indices: Any, count: int) -> Any:
    out = _adaptive(call, call.tensor(input), output_size, count, channels=1)
    return (out, TensorSpec(out.shape, "int64")) if call.flag(indices) else out


@rule
def adaptive_max_pool1d(call: Call, input: TensorSpec, output_size: Any, return_indices: Any = False) -> Any:
    """`"n? c t" -> "n? c output_size"`, and the indices. Source: `F.adaptive_max_pool1d`."""
    return _adaptive_max(call, input, output_size, return_indices, 1)


@rule
def adaptive_max_pool2d(call: Call, input: TensorSpec, output_size: Any, return_indices: Any = False) -> Any:
    """`"n? c h w" -> "n? c h2 w2"`, and the indices. Source: `F.adaptive_max_pool2d`."""
    return _adaptive_max(call, input, output_size, return_indices, 2)


@rule
def adaptive_max_pool3d(call: Call, input: TensorSpec, output_size: Any, return_indices: Any = False) -> Any:
    """`"n? c d h w" -> "n? c d2 h2 w2"`, and the indices. Source: `F.adaptive_max_pool3d`."""
    return _adaptive_max(call, input, output_size, return_indices, 3)


@rule
def adaptive_max_pool1d_with_indices(call: Call, input: TensorSpec, output_size: Any) -> Any:
    """As `adaptive_max_pool1d`, always with the indices. Source: `F.adaptive_max_pool1d_with_indices`."""
    return _adaptive_max(call, input, output_size, True, 1)


@rule
def adaptive_max_pool2d_with_indices(call: Call, input: TensorSpec, output_size: Any) -> Any:
    """As `adaptive_max_pool2d`, always with the indices. Source: `F.adaptive_max_pool2d_with_indices`."""
    return _adaptive_max(call, input, output_size, True, 2)


@rule
def adaptive_max_pool3d_with_indices(call: Call, input: TensorSpec, output_size: Any) -> Any:
    """As `adaptive_max_pool3d`, always with the indices. Source: `F.adaptive_max_pool3d_with_indices`."""
    return _adaptive_max(call, input, output_size, True, 3)


# -- fractional ------------------------------------------------------------------------------------------------------


def _fractional_sizes(call: Call, x: TensorSpec, output_size: Any, ratio: Any, count: int) -> tuple[Dim, ...]:
    if output_size is not None:
        return ints(call, output_size, count, "output_size")
    if ratio is None:
        call.fail("dim-mismatch", "value", detail="output_size or output_ratio is needed")
    ratios = ratio if isinstance(ratio, (list, tuple)) else (ratio,) * count
    out = []
    for i, r in enumerate(ratios):
        size = number(call, call.at(x, i - count))
        whole = size is not None and not isinstance(r, Unknown)
        out.append(int(size * r) if whole and size is not None else d.unknown("output_ratio"))
    return tuple(out)


def _fractional(call: Call, input: TensorSpec, a: dict[str, Any], count: int) -> Any:
    x = call.tensor(input)
    call.dtype(x, "Float")
    spatial_rank(call, x, count)
    for i in range(count + 1):
        size_at_least(call, x, -1 - i, 1)
    kernel = ints(call, a["kernel_size"], count, "kernel_size")
    sizes = _fractional_sizes(call, x, a["output_size"], a["output_ratio"], count)
    all_at_least(call, kernel, 1, "kernel_size")
    all_at_least(call, sizes, 0, "output_size")
    for i in range(count):
        least = sizes[i] + kernel[i] - (1 if count == 2 else 0)
        size_at_least(call, x, i - count, least, None, "room for the windows")
    out = TensorSpec((*leading(x, count), *sizes), x.dtype)
    return (out, TensorSpec(out.shape, "int64")) if call.flag(a.get("return_indices", False)) else out


@rule
def fractional_max_pool2d(call: Call, input: TensorSpec, **rest: Any) -> Any:
    """`"n? c h w" -> "n? c h2 w2"`, and the indices. Source: `F.fractional_max_pool2d`."""
    return _fractional(call, input, rest, 2)


@rule
def fractional_max_pool3d(call: Call, input: TensorSpec, **rest: Any) -> Any:
    """`"n? c d h w" -> "n? c d2 h2 w2"`, and the indices. Source: `F.fractional_max_pool3d`."""
    return _fractional(call, input, rest, 3)


@rule
def fractional_max_pool2d_with_indices(call: Call, input: TensorSpec, **rest: Any) -> Any:
    """As `fractional_max_pool2d`, always with the indices. Source: `F.fractional_max_pool2d_with_indices`."""
    return _fractional(call, input, {**rest, "return_indices": True}, 2)


@rule
def fractional_max_pool3d_with_indices(call: Call, input: TensorSpec, **rest: Any) -> Any:
    """As `fractional_max_pool3d`, always with the indices. Source: `F.fractional_max_pool3d_with_indices`."""
    return _fractional(call, input, {**rest, "return_indices": True}, 3)


@rule
def fractional_init(call: Call, output_size: Any, output_ratio: Any) -> None:
    """One of `output_size` and `output_ratio` is given; ratios are between 0 and 1. Source: `FractionalMaxPool2d`."""
    if (output_size is None) == (output_ratio is None):
        call.fail("dim-mismatch", "value", detail="output_size or output_ratio is needed, and not both")
    ratios = output_ratio if isinstance(output_ratio, (list, tuple)) else (output_ratio,)
    for r in ratios:
        if isinstance(r, (int, float)) and not 0 < r < 1:
            call.fail("dim-mismatch", "value", argument="output_ratio", got=r, want="between 0 and 1")
