"""Element-wise operations on two or more operands: broadcasting and type promotion."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dtype import as_set, promote_names
from shapetypes.core.shape import TensorSpec, Unit, Unknown
from shapetypes.ops.call import Call, Unclear, rule
from shapetypes.ops.promotion import (
    BOOL,
    COMPLEX,
    FLOAT,
    INT,
    AnyDType,
    castable,
    categories,
    floating,
    group_of,
    number_dtype,
    result_type,
)

_DOUBLE = {0: "float64", 1: "float64", 2: "float64", 3: "complex128"}


def operands(call: Call, *values: Any) -> list[TensorSpec]:
    """The tensors among the operands; an unknown operand may be any tensor, a number is none."""
    return [call.operand(v) for v in values if v is not None and not number_dtype(v)]


def only(call: Call, dtype: AnyDType, allowed: tuple[int, ...], x: TensorSpec) -> None:
    """Refuse an operation whose common dtype no kernel takes.

    Raises:
        ShapeError: no dtype it may have is of the allowed categories.
    """
    if categories(dtype).isdisjoint(allowed):
        got = x.dtype if categories(x.dtype).isdisjoint(allowed) else dtype
        call.fail("dtype-mismatch", "dtype", argument=x.label or None, got=got, want=group_of(allowed))


def elementwise(call: Call, values: tuple[Any, ...], allowed: tuple[int, ...]) -> TensorSpec:
    """The broadcast shape and the promoted dtype of operands, which must be of the allowed categories."""
    tensors = operands(call, *values)
    shape = call.broadcast(*tensors)
    dtype = result_type(*values)
    if tensors:
        guilty = next((t for t in tensors if categories(t.dtype).isdisjoint(allowed)), tensors[0])
        only(call, dtype, allowed, guilty)
    if len(tensors) == 2:
        outer_product(call, tensors[0], tensors[1], shape)
    return TensorSpec(shape, dtype)


def outer_product(call: Call, x: TensorSpec, y: TensorSpec, shape: tuple[Any, ...]) -> None:
    """Warn of `"N 1"` with `"N"`: a unit axis that the user did not write makes a name stand twice."""
    for wide, narrow in ((x, y), (y, x)):
        a, b = wide.shape or (), narrow.shape or ()
        if wide.rank is None or narrow.rank is None:
            return
        for i in range(1, min(len(a), len(b)) + 1):
            meets, unit = b[-i], a[-i]
            if unit != 1 or isinstance(unit, Unit) or not isinstance(meets, d.Poly) or d.is_unknown(meets):
                continue
            if any(a[-j] == meets for j in range(len(b) + 1, len(a) + 1)):
                call.warnings.append(call.fault("broadcast-surprise", "outer", got=shape))
                return


_ANY, _NUMBER, _REAL = (BOOL, INT, FLOAT, COMPLEX), (INT, FLOAT, COMPLEX), (BOOL, INT, FLOAT)


@rule
def arithmetic(call: Call, input: Any, other: Any) -> TensorSpec:
    """`"*#b", "*#b" -> "*b"` for every dtype. Source: `torch.add`, `torch.mul`."""
    return elementwise(call, (input, other), _ANY)


@rule
def subtraction(call: Call, input: Any, other: Any) -> TensorSpec:
    """`"*#b", "*#b" -> "*b"`; neither may be bool. Source: `torch.sub`."""
    for x in operands(call, input, other):
        only(call, x.dtype, _NUMBER, x)
    if isinstance(input, bool) or isinstance(other, bool):
        call.fail("dtype-mismatch", "dtype", got="bool", want=group_of(_NUMBER))
    return elementwise(call, (input, other), _ANY)


@rule
def quotient(call: Call, input: Any, other: Any, rounding_mode: Any = None) -> TensorSpec:
    """`"*#b", "*#b" -> "*b"`; integers give floats unless rounded. Source: `torch.div`."""
    if rounding_mode is None:
        out = elementwise(call, (input, other), _ANY)
        return TensorSpec(out.shape, floating(out.dtype))
    if isinstance(rounding_mode, Unknown):
        return TensorSpec(elementwise(call, (input, other), _ANY).shape, None)
    return elementwise(call, (input, other), (INT, FLOAT))


@rule
def power(call: Call, input: Any, exponent: Any) -> TensorSpec:
    """`"*#b", "*#b" -> "*b"`; not two bool tensors. Source: `torch.pow`."""
    return elementwise(call, (input, exponent), _ANY if isinstance(exponent, bool) else _NUMBER)


@rule
def float_power(call: Call, input: Any, exponent: Any) -> TensorSpec:
    """`"*#b", "*#b" -> "*b"` in double precision. Source: `torch.float_power`."""
    out = elementwise(call, (input, exponent), _ANY)
    found = {_DOUBLE[c] for c in categories(out.dtype)}
    return TensorSpec(out.shape, found.pop() if len(found) == 1 else None)


@rule
def extremum(call: Call, input: TensorSpec, other: TensorSpec) -> TensorSpec:
    """`"*#b", "*#b" -> "*b"`, not complex. Source: `torch.maximum`."""
    return elementwise(call, (input, other), _REAL)


@rule
def real_arithmetic(call: Call, input: Any, other: Any) -> TensorSpec:
    """`"*#b", "*#b" -> "*b"`, integers or floats. Source: `torch.remainder`, `torch.floor_divide`, `torch.fmod`."""
    return elementwise(call, (input, other), (INT, FLOAT))


@rule
def equality(call: Call, input: Any, other: Any) -> TensorSpec:
    """`"*#b", "*#b" -> Bool "*b"`. Source: `torch.eq`, `torch.logical_and`."""
    return TensorSpec(call.broadcast(*operands(call, input, other)), "bool")


@rule
def comparison(call: Call, input: Any, other: Any) -> TensorSpec:
    """`"*#b", "*#b" -> Bool "*b"`, not complex. Source: `torch.lt`."""
    tensors = operands(call, input, other)
    for x in tensors:
        only(call, x.dtype, _REAL, x)
    return TensorSpec(call.broadcast(*tensors), "bool")


@rule
def close(call: Call, input: TensorSpec, other: TensorSpec) -> TensorSpec:
    """`"*#b", "*#b" -> Bool "*b"` of one dtype. Source: `torch.isclose`."""
    call.same_dtype(input, other)
    return TensorSpec(call.broadcast(input, other), "bool")


@rule
def bitwise(call: Call, input: Any, other: Any) -> TensorSpec:
    """`"*#b", "*#b" -> "*b"` for bool and integers. Source: `torch.bitwise_and`."""
    return elementwise(call, (input, other), (BOOL, INT))


@rule
def integral(call: Call, input: Any, other: Any) -> TensorSpec:
    """`"*#b", "*#b" -> "*b"` for integers. Source: `torch.gcd`, `torch.bitwise_left_shift`."""
    return elementwise(call, (input, other), (INT,))


@rule
def real_function(call: Call, input: Any, other: Any) -> TensorSpec:
    """`"*#b", "*#b" -> Float "*b"`; integers give floats. Source: `torch.atan2`, `torch.xlogy`, `torch.copysign`."""
    out = elementwise(call, (input, other), _REAL)
    return TensorSpec(out.shape, floating(out.dtype))


@rule
def float_function(call: Call, input: Any, other: Any) -> TensorSpec:
    """`"*#b", "*#b" -> Float "*b"` for floats. Source: `torch.hypot`, `torch.nextafter`."""
    return elementwise(call, (input, other), (FLOAT,))


@rule
def inexact_function(call: Call, input: Any, other: Any) -> TensorSpec:
    """`"*#b", "*#b" -> "*b"` for floats and complex numbers. Source: `torch.logaddexp`."""
    return elementwise(call, (input, other), (FLOAT, COMPLEX))


@rule
def scaled_power(call: Call, input: Any, other: Any) -> TensorSpec:
    """`"*#b", "*#b" -> "*b"`, `input * 2**other`. Source: `torch.ldexp`."""
    out = elementwise(call, (input, other), _ANY)
    power = result_type(2.0, other)
    return TensorSpec(out.shape, floating(result_type(input, TensorSpec(_shape_of(other), power))))


def _shape_of(value: Any) -> tuple[Any, ...] | None:
    return value.shape if isinstance(value, TensorSpec) else ()


@rule
def step_function(call: Call, input: TensorSpec, values: TensorSpec) -> TensorSpec:
    """`"*#b", "*#b" -> "*b"` of one dtype, not complex. Source: `torch.heaviside`."""
    call.same_dtype(input, values)
    only(call, input.dtype, _REAL, input)
    return TensorSpec(call.broadcast(input, values), input.dtype)


@rule
def make_complex(call: Call, real: TensorSpec, imag: TensorSpec) -> TensorSpec:
    """`Float "*#b", Float "*#b" -> Complex "*b"` of one dtype. Source: `torch.complex`."""
    return _complex(call, real, imag, "float16", "float32", "float64")


def _complex(call: Call, one: TensorSpec, two: TensorSpec, *allowed: str) -> TensorSpec:
    call.same_dtype(one, two)
    names = as_set(one.dtype)
    if names is not None and names.isdisjoint(allowed):
        call.fail("dtype-mismatch", "dtype", argument=one.label or None, got=one.dtype, want=frozenset(allowed))
    found = {promote_names(n, "complex32") for n in names} if names else set()
    return TensorSpec(call.broadcast(one, two), found.pop() if len(found) == 1 else None)


@rule
def polar(call: Call, abs: TensorSpec, angle: TensorSpec) -> TensorSpec:
    """`Float "*#b", Float "*#b" -> Complex "*b"`. Source: `torch.polar`."""
    return _complex(call, abs, angle, "float32", "float64")


# -- more operands -----------------------------------------------------------------------------------------------------


@rule
def where(call: Call, condition: TensorSpec, input: Any, other: Any) -> TensorSpec:
    """`Bool "*#b", "*#b", "*#b" -> "*b"`. Source: `torch.where`."""
    _mask(call, condition)
    return TensorSpec(call.broadcast(condition, *operands(call, input, other)), result_type(input, other))


@rule
def where_scalar(call: Call, condition: TensorSpec, self: Any, other: Any) -> TensorSpec:
    """The same with a number for true. Source: `torch.where`."""
    return where(call, condition, self, other)


@rule
def where_method(call: Call, self: TensorSpec, condition: TensorSpec, other: Any) -> TensorSpec:
    """The same with the values for true first. Source: `torch.Tensor.where`."""
    return where(call, condition, self, other)


@rule
def where_indices(call: Call, condition: TensorSpec) -> tuple[TensorSpec, ...]:
    """`"*s" -> (Int64 "n",) * rank`, `n` depends on the values. Source: `torch.where` with one argument."""
    n = d.unknown("the number of non-zero elements")
    return (TensorSpec((n,), "int64"),) * max(call.rank(condition), 1)


def _mask(call: Call, mask: TensorSpec, also: tuple[str, ...] = ("uint8",)) -> None:
    names = as_set(mask.dtype)
    if names is not None and names.isdisjoint(("bool", *also)):
        call.fail("dtype-mismatch", "dtype", argument=mask.label or None, got=mask.dtype, want="bool")


@rule
def clamp(call: Call, input: TensorSpec, min: Any = None, max: Any = None) -> TensorSpec:
    """`"*#b", "*#b", "*#b" -> "*b"`, at least one bound, not complex or bool. Source: `torch.clamp`."""
    given = [v for v in (min, max) if v is not None]
    if not given:
        call.fail("dim-mismatch", "value", detail="needs `min` or `max`")
    if any(isinstance(v, TensorSpec) for v in given) and categories(input.dtype) != {BOOL}:
        return elementwise(call, (input, *given), _REAL)
    return elementwise(call, (input, *given), (INT, FLOAT))


@rule
def lerp(call: Call, input: TensorSpec, end: TensorSpec, weight: Any) -> TensorSpec:
    """`"*#b", "*#b", "*#b" -> "*b"` of one dtype. Source: `torch.lerp`."""
    call.same_dtype(input, end)
    dtype = result_type(input, end, weight)
    only(call, dtype, (FLOAT, COMPLEX), input)
    if isinstance(weight, TensorSpec) and weight.rank:
        call.same_dtype(input, weight)
    return TensorSpec(call.broadcast(*operands(call, input, end, weight)), dtype)


@rule
def fused_multiply(call: Call, input: TensorSpec, tensor1: TensorSpec, tensor2: TensorSpec) -> TensorSpec:
    """`"*#b", "*#b", "*#b" -> "*b"`. Source: `torch.addcmul`."""
    return elementwise(call, (input, tensor1, tensor2), _NUMBER)


@rule
def fused_divide(call: Call, input: TensorSpec, tensor1: TensorSpec, tensor2: TensorSpec) -> TensorSpec:
    """`"*#b", "*#b", "*#b" -> "*b"`, not two integers. Source: `torch.addcdiv`."""
    if categories(tensor1.dtype) | categories(tensor2.dtype) <= {BOOL, INT}:
        call.fail("dtype-mismatch", "dtype", argument=tensor2.label or None, got=tensor2.dtype, want="Inexact")
    return elementwise(call, (input, tensor1, tensor2), (FLOAT, COMPLEX))


@rule
def masked_fill(call: Call, input: TensorSpec, mask: TensorSpec, value: Any) -> TensorSpec:
    """`"*#b", Bool "*#b", "" -> "*b"`. Source: `torch.masked_fill`."""
    _fill_value(call, input, mask, value)
    return TensorSpec(call.broadcast(input, mask), input.dtype)


@rule
def masked_fill_(call: Call, self: TensorSpec, mask: TensorSpec, value: Any) -> TensorSpec:
    """`"*b", Bool "*#b", "" -> "*b"`. Source: `torch.Tensor.masked_fill_`."""
    _fill_value(call, self, mask, value)
    _grows(call, self, mask)
    return self


def _fill_value(call: Call, x: TensorSpec, mask: TensorSpec, value: Any) -> None:
    _mask(call, mask, ())
    if isinstance(value, TensorSpec):
        with suppress(Unclear):
            call.rank(value, 0)
    dtype = value.dtype if isinstance(value, TensorSpec) else number_dtype(value)
    if COMPLEX in categories(dtype) and len(categories(dtype)) == 1 and COMPLEX not in categories(x.dtype):
        call.fail("dtype-mismatch", "dtype", argument="value", got=dtype, want=x.dtype)


@rule
def masked_select(call: Call, input: TensorSpec, mask: TensorSpec) -> TensorSpec:
    """`"*#b", Bool "*#b" -> "n"`, `n` depends on the values. Source: `torch.masked_select`."""
    _mask(call, mask)
    call.broadcast(input, mask)
    return TensorSpec((d.unknown("the number of selected elements"),), input.dtype)


@rule
def masked_scatter(call: Call, input: TensorSpec, mask: TensorSpec, source: TensorSpec) -> TensorSpec:
    """`"*#b", Bool "*#b", "..." -> "*b"`. Source: `torch.masked_scatter`."""
    _mask(call, mask, ())
    call.same_dtype(input, source)
    return TensorSpec(call.broadcast(input, mask), input.dtype)


@rule
def masked_scatter_(call: Call, self: TensorSpec, mask: TensorSpec, source: TensorSpec) -> TensorSpec:
    """`"*b", Bool "*#b", "..." -> "*b"`. Source: `torch.Tensor.masked_scatter_`."""
    _mask(call, mask, ())
    call.same_dtype(self, source)
    _grows(call, self, mask)
    return self


# -- in place ----------------------------------------------------------------------------------------------------------


def _grows(call: Call, target: TensorSpec, *others: Any) -> None:
    """Refuse operands that would enlarge the target."""
    for other in others:
        if isinstance(other, TensorSpec) and target.shape is not None:
            call.expand_to(other, target.parts)


def stored(call: Call, target: TensorSpec, dtype: AnyDType) -> TensorSpec:
    """The target after a result was stored in it.

    Raises:
        ShapeError: a result of this dtype cannot be stored in it.
    """
    if not castable(dtype, target.dtype):
        call.fail("dtype-mismatch", "dtype", argument=target.label or None, got=target.dtype, want=dtype)
    return target


def _in_place(name: str, functional: Any) -> None:
    """Register the in-place form of a rule on two operands."""

    def in_place(call: Call, self: TensorSpec, other: Any = None, exponent: Any = None, **rest: Any) -> TensorSpec:
        value = exponent if other is None else other
        _grows(call, self, value)
        extra = {k: v for k, v in rest.items() if k == "rounding_mode"}
        return stored(call, self, functional(call, self, value, **extra).dtype)

    in_place.__name__ = name
    in_place.__doc__ = f'`"*b", "*#b" -> "*b"`: `{functional.__name__}` into its first operand.'
    rule(in_place)


for _functional in (
    arithmetic,
    subtraction,
    quotient,
    power,
    float_power,
    real_arithmetic,
    equality,
    comparison,
    bitwise,
    integral,
    real_function,
    float_function,
    scaled_power,
):
    _in_place(_functional.__name__ + "_", _functional)


@rule
def step_function_(call: Call, self: TensorSpec, values: TensorSpec) -> TensorSpec:
    """`"*b", "*#b" -> "*b"`. Source: `torch.Tensor.heaviside_`."""
    _grows(call, self, values)
    return stored(call, self, step_function(call, self, values).dtype)


@rule
def clamp_(call: Call, self: TensorSpec, min: Any = None, max: Any = None) -> TensorSpec:
    """`"*b", "*#b", "*#b" -> "*b"`. Source: `torch.Tensor.clamp_`."""
    _grows(call, self, min, max)
    return stored(call, self, clamp(call, self, min, max).dtype)


@rule
def lerp_(call: Call, self: TensorSpec, end: TensorSpec, weight: Any) -> TensorSpec:
    """`"*b", "*#b", "*#b" -> "*b"`. Source: `torch.Tensor.lerp_`."""
    _grows(call, self, end, weight)
    return stored(call, self, lerp(call, self, end, weight).dtype)


@rule
def fused_multiply_(call: Call, self: TensorSpec, tensor1: TensorSpec, tensor2: TensorSpec) -> TensorSpec:
    """`"*b", "*#b", "*#b" -> "*b"`. Source: `torch.Tensor.addcmul_`."""
    _grows(call, self, tensor1, tensor2)
    return stored(call, self, fused_multiply(call, self, tensor1, tensor2).dtype)


@rule
def fused_divide_(call: Call, self: TensorSpec, tensor1: TensorSpec, tensor2: TensorSpec) -> TensorSpec:
    """`"*b", "*#b", "*#b" -> "*b"`. Source: `torch.Tensor.addcdiv_`."""
    _grows(call, self, tensor1, tensor2)
    return stored(call, self, fused_divide(call, self, tensor1, tensor2).dtype)


@rule
def copy_(call: Call, self: TensorSpec, other: Any) -> TensorSpec:
    """`"*b", "*#b" -> "*b"`, any dtype. Source: `torch.Tensor.copy_`."""
    _grows(call, self, other)
    return self


@rule
def filled_(call: Call, self: TensorSpec, value: Any = 0) -> TensorSpec:
    """`"*b", "" -> "*b"`. Source: `torch.Tensor.fill_`, `torch.Tensor.zero_`."""
    if isinstance(value, TensorSpec) and value.rank:
        call.rank(value, 0)
    return self


@rule
def filled(call: Call, input: TensorSpec, value: Any) -> TensorSpec:
    """`"*b", "" -> "*b"`. Source: `torch.fill`."""
    return filled_(call, input, value)


def _number_first(functional: Any) -> None:
    """Register the form of a rule whose first operand is a number, which torch calls `self`."""

    def number_first(call: Call, self: Any, other: Any = None, exponent: Any = None) -> TensorSpec:
        out: TensorSpec = functional(call, self, exponent if other is None else other)
        return out

    number_first.__name__ = functional.__name__ + "_of_number"
    number_first.__doc__ = f'`"", "*b" -> "*b"`: `{functional.__name__}` of a number and a tensor.'
    rule(number_first)


for _functional in (power, float_power, real_arithmetic, bitwise, integral, real_function):
    _number_first(_functional)
