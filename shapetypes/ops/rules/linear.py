"""Matrix products."""

from __future__ import annotations

from shapetypes.core.dtype import promote
from shapetypes.core.shape import TensorSpec
from shapetypes.ops.call import Call, rule


@rule
def matmul(call: Call, input: TensorSpec, other: TensorSpec) -> TensorSpec:
    """`"*b n k", "*b k m" -> "*b n m"`, batch axes broadcast; vectors lose their axis. Source: `torch.matmul`."""
    call.least(input, 1)
    call.least(other, 1)
    call.same_dtype(input, other)
    call.match(input, -1, other, -2 if other.rank != 1 else -1)
    dtype = promote(input.dtype, other.dtype)
    left, right = call.rank(input), call.rank(other)
    rows = input.parts[-2:-1] if left > 1 else ()
    columns = other.parts[-1:] if right > 1 else ()
    batch = call.broadcast(
        TensorSpec(input.parts[:-2], None, input.label), TensorSpec(other.parts[:-2], None, other.label)
    )
    return TensorSpec((*batch, *rows, *columns), dtype)
