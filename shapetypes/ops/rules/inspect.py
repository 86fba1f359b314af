"""What a tensor says of itself: sizes, number of axes, elements. The results are plain values."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dtype import DType, category, element_bytes
from shapetypes.core.shape import Number, TensorSpec, Unknown
from shapetypes.ops.call import Call, rule


@rule
def shape(call: Call, self: TensorSpec) -> tuple[Any, ...]:
    """The sizes of all axes. Source: `torch.Tensor.shape`."""
    del call
    return self.parts


@rule
def size(call: Call, self: TensorSpec, dim: Any = None) -> Any:
    """The sizes of all axes, or of one. Source: `torch.Tensor.size`."""
    if dim is None:
        return self.parts
    call.least(self, 1)
    return self.parts[call.place(self, dim)]


@rule
def rank(call: Call, self: TensorSpec) -> int:
    """The number of axes. Source: `torch.Tensor.dim`."""
    return call.rank(self)


@rule
def elements(call: Call, self: TensorSpec) -> Any:
    """The number of elements. Source: `torch.Tensor.numel`."""
    call.rank(self)
    return d.product(self.parts)  # type: ignore[arg-type]


@rule
def elements_of(call: Call, input: TensorSpec) -> Any:
    """The number of elements. Source: `torch.numel`."""
    return elements(call, input)


@rule
def element_size(call: Call, self: TensorSpec) -> Any:
    """The bytes of one element. Source: `torch.Tensor.element_size`."""
    del call
    found = element_bytes(self.dtype)
    return Number("the bytes of an element") if found is None else found


@rule
def length(call: Call, self: TensorSpec) -> Any:
    """The size of the first axis. Source: `len`."""
    call.least(self, 1)
    return self.parts[call.place(self, 0)]


@rule
def dtype_of(call: Call, self: TensorSpec) -> Any:
    """The dtype. Source: `torch.Tensor.dtype`."""
    del call
    return DType(self.dtype) if isinstance(self.dtype, str) else Unknown("the dtype is not known")


@rule
def item(call: Call, self: TensorSpec) -> Any:
    """The number in a tensor of one element. Source: `torch.Tensor.item`."""
    count = call.elements(self)
    if count is not None and call.judge.differ(count, 1):
        call.fail("dim-mismatch", "elements", argument=self.label or None, got=count, want=1)
    return Number("a value")


def _category(call: Call, x: TensorSpec, wanted: int) -> Any:
    del call
    names = x.dtype if isinstance(x.dtype, frozenset) else {x.dtype}
    found = {category(n) == wanted for n in names if n is not None}
    return found.pop() if len(found) == 1 else Unknown("the dtype is not known")


@rule
def is_floating_point(call: Call, input: TensorSpec) -> Any:
    """Whether the dtype is floating. Source: `torch.is_floating_point`."""
    return _category(call, input, 2)


@rule
def is_complex(call: Call, input: TensorSpec) -> Any:
    """Whether the dtype is complex. Source: `torch.is_complex`."""
    return _category(call, input, 3)
