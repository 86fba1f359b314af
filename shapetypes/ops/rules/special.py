"""Functions of two arguments that `torch.special` names otherwise than the others."""

from __future__ import annotations

from typing import Any

from shapetypes.core.shape import TensorSpec
from shapetypes.ops.call import Call, rule
from shapetypes.ops.promotion import BOOL, FLOAT, INT, floating
from shapetypes.ops.rules.pointwise import only, real_function


@rule
def polynomial(call: Call, x: Any, n: Any) -> TensorSpec:
    """`"*#b", "*#b" -> Float "*b"`. Source: `torch.special.chebyshev_polynomial_t` and the like."""
    return real_function(call, x, n)


@rule
def map_special_of_x(call: Call, x: TensorSpec) -> TensorSpec:
    """`"*s" -> Float "*s"`. Source: `torch.special.airy_ai` and the like."""
    only(call, x.dtype, (BOOL, INT, FLOAT), x)
    return TensorSpec(x.parts, floating(x.dtype))


@rule
def multinomial(call: Call, input: TensorSpec, num_samples: Any, replacement: Any = False) -> TensorSpec:
    """`Float "*b n" -> Int64 "*b k"`, at most one batch axis, `k <= n` unless replaced. Source: `torch.multinomial`."""
    call.rank(input, 1, 2)
    call.dtype(input, "Float")
    count = call.size(num_samples)
    if isinstance(count, int) and count <= 0:
        call.wrong("num_samples", count, "at least 1", "num_samples")
    over = count - input.parts[-1]  # type: ignore[operator]
    if replacement is False and isinstance(over, int) and over > 0:
        call.wrong("num_samples", count, f"at most {input.parts[-1]}", "num_samples")
    return TensorSpec((*input.parts[:-1], count), "int64")


@rule
def binomial(call: Call, count: TensorSpec, prob: TensorSpec) -> TensorSpec:
    """`"*#b", "*#b" -> "*b"`. Source: `torch.binomial`."""
    return TensorSpec(call.broadcast(count, prob), count.dtype)
