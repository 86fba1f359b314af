"""Element-wise functions of one tensor, and those that leave the shape as it is."""

from __future__ import annotations

from typing import Any, Final

from shapetypes.core.dtype import as_dtype, as_set
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.call import Call, rule
from shapetypes.ops.promotion import (
    BOOL,
    COMPLEX,
    FLOAT,
    INT,
    AnyDType,
    categories,
    floating,
    is_dtype,
    named_dtype,
    real_part,
)
from shapetypes.ops.rules.pointwise import only, stored


def _squared(dtype: AnyDType) -> AnyDType:
    names = as_set(dtype)
    return None if names is None else as_dtype(frozenset("int64" if n == "bool" else n for n in names))


_FIELDS: dict[str, tuple[tuple[int, ...], Any]] = {
    "same": ((BOOL, INT, FLOAT, COMPLEX), None),
    "numeric": ((INT, FLOAT, COMPLEX), None),
    "real": ((INT, FLOAT), None),
    "ordered": ((BOOL, INT, FLOAT), None),
    "float_only": ((FLOAT,), None),
    "logical_bits": ((BOOL, INT), None),
    "transcendental": ((BOOL, INT, FLOAT, COMPLEX), floating),
    "special": ((BOOL, INT, FLOAT), floating),
    "magnitude": ((INT, FLOAT, COMPLEX), real_part),
    "phase": ((BOOL, INT, FLOAT, COMPLEX), lambda dtype: floating(real_part(dtype))),
    "real_of": ((BOOL, INT, FLOAT, COMPLEX), real_part),
    "imaginary": ((COMPLEX,), real_part),
    "test": ((BOOL, INT, FLOAT, COMPLEX), lambda _: "bool"),
    "real_test": ((BOOL, INT, FLOAT), lambda _: "bool"),
    "squared": ((BOOL, INT, FLOAT, COMPLEX), _squared),
}
"""Kinds of functions: the dtypes they take, and the dtype they give (the same where that is None)."""


_NEW_TENSOR: Final = ("magnitude", "phase", "real_of", "imaginary", "real_test")
"""Kinds without an in-place form."""


def _unary(kind: str, allowed: tuple[int, ...], gives: Any) -> None:
    """Register a kind of function and its in-place form."""

    def function(call: Call, input: TensorSpec) -> TensorSpec:
        only(call, input.dtype, allowed, input)
        return TensorSpec(input.shape, gives(input.dtype) if gives else input.dtype)

    def in_place(call: Call, self: TensorSpec) -> TensorSpec:
        return stored(call, self, function(call, self).dtype)

    function.__name__, in_place.__name__ = f"map_{kind}", f"map_{kind}_"
    function.__doc__ = f'`"*s" -> "*s"`, element by element; dtypes: {kind}.'
    rule(function)
    if kind not in _NEW_TENSOR:
        rule(in_place)


for _kind, (_allowed, _gives) in _FIELDS.items():
    _unary(_kind, _allowed, _gives)


@rule
def absolute_(call: Call, self: TensorSpec) -> TensorSpec:
    """`"*s" -> "*s"`, not complex. Source: `torch.Tensor.abs_`."""
    only(call, self.dtype, (INT, FLOAT), self)
    return self


@rule
def complex_as_real(call: Call, input: TensorSpec) -> TensorSpec:
    """`Complex "*s" -> Float "*s 2"`. Source: `torch.view_as_real`."""
    only(call, input.dtype, (COMPLEX,), input)
    return TensorSpec((*input.parts, 2), real_part(input.dtype))


@rule
def real_as_complex(call: Call, input: TensorSpec) -> TensorSpec:
    """`Float "*s 2" -> Complex "*s"`. Source: `torch.view_as_complex`."""
    found = {"float16": "complex32", "float32": "complex64", "float64": "complex128"}
    names = as_set(input.dtype)
    if names is not None and names.isdisjoint(found):
        call.fail("dtype-mismatch", "dtype", argument=input.label or None, got=input.dtype, want=frozenset(found))
    call.least(input, 1)
    call.expect(input, -1, 2)
    dtype = as_dtype(frozenset(found[n] for n in names if n in found)) if names else None
    return TensorSpec(call.lead(input, 1), dtype)


@rule
def polygamma(call: Call, n: Any, input: TensorSpec) -> TensorSpec:
    """`"*s" -> Float "*s"`. Source: `torch.polygamma`."""
    only(call, input.dtype, (BOOL, INT, FLOAT), input)
    return TensorSpec(input.shape, floating(input.dtype))


@rule
def polygamma_method(call: Call, self: TensorSpec) -> TensorSpec:
    """`"*s" -> Float "*s"`. Source: `torch.Tensor.polygamma`."""
    return polygamma(call, None, self)


@rule
def mantissa(call: Call, input: TensorSpec) -> tuple[TensorSpec, TensorSpec]:
    """`Float "*s" -> (Float "*s", Int32 "*s")`. Source: `torch.frexp`."""
    only(call, input.dtype, (FLOAT,), input)
    return TensorSpec(input.shape, input.dtype), TensorSpec(input.shape, "int32")


# -- dtypes and devices ------------------------------------------------------------------------------------------------


@rule
def cast_to(call: Call, self: TensorSpec, dtype: Any = None, device: Any = None, other: Any = None) -> TensorSpec:
    """`"*s" -> "*s"` with a dtype given by name, or that of another tensor. Source: `torch.Tensor.to`."""
    del call
    for given in (dtype, device):
        if is_dtype(given) or isinstance(given, type):
            return TensorSpec(self.shape, named_dtype(given))
        if isinstance(given, Unknown):
            return TensorSpec(self.shape, None)
    return TensorSpec(self.shape, other.dtype if isinstance(other, TensorSpec) else self.dtype)


@rule
def cast_type(call: Call, self: TensorSpec, dtype: Any) -> TensorSpec:
    """`"*s" -> "*s"`. Source: `torch.Tensor.type`."""
    del call
    return TensorSpec(self.shape, named_dtype(dtype) if is_dtype(dtype) else None)


def _cast(method: str, dtype: str) -> None:
    def cast(call: Call, self: TensorSpec) -> TensorSpec:
        del call
        return TensorSpec(self.shape, dtype)

    cast.__name__ = f"cast_{method}"
    cast.__doc__ = f'`"*s" -> "*s"` as {dtype}. Source: `torch.Tensor.{method}`.'
    rule(cast)


_CASTS = {
    "bfloat16": "bfloat16",
    "bool": "bool",
    "byte": "uint8",
    "cdouble": "complex128",
    "cfloat": "complex64",
    "chalf": "complex32",
    "char": "int8",
    "double": "float64",
    "float": "float32",
    "half": "float16",
    "int": "int32",
    "long": "int64",
    "short": "int16",
}

for _method, _dtype in _CASTS.items():
    _cast(_method, _dtype)


@rule
def like(call: Call, input: TensorSpec, dtype: Any = None) -> TensorSpec:
    """`"*s" -> "*s"`, of the same dtype unless one is given. Source: `torch.zeros_like`."""
    del call
    return TensorSpec(input.shape, named_dtype(dtype, input.dtype))


@rule
def like_random(call: Call, input: TensorSpec, dtype: Any = None) -> TensorSpec:
    """`"*s" -> "*s"` of floats. Source: `torch.rand_like`."""
    out = named_dtype(dtype, input.dtype)
    if categories(out) <= {BOOL, INT}:
        call.fail("dtype-mismatch", "dtype", argument=input.label or None, got=out, want="Inexact")
    return TensorSpec(input.shape, out)


@rule
def like_normal(call: Call, input: TensorSpec, dtype: Any = None) -> TensorSpec:
    """`"*s" -> "*s"` of floats; without elements of any dtype. Source: `torch.randn_like`."""
    if any(p == 0 for p in input.shape or ()):
        return like(call, input, dtype)
    return like_random(call, input, dtype)


@rule
def like_self(call: Call, self: TensorSpec) -> TensorSpec:
    """`"*s" -> "*s"`: the tensor, changed in its values only. Source: `torch.Tensor.normal_`."""
    del call
    return self


@rule
def type_as(call: Call, self: TensorSpec, other: TensorSpec) -> TensorSpec:
    """`"*s", "..." -> "*s"`. Source: `torch.Tensor.type_as`."""
    del call
    return TensorSpec(self.shape, other.dtype)
