"""torch's type promotion where operands have different standing: tensors, tensors without axes, Python numbers."""

from __future__ import annotations

from itertools import product as combinations
from typing import Any, Final

from shapetypes.core.dim import Poly
from shapetypes.core.dtype import (
    BOOLS,
    COMPLEXES,
    FLOATS,
    INTS,
    UINTS,
    DType,
    as_dtype,
    as_set,
    canonical,
    category,
    promote_names,
)
from shapetypes.core.shape import Number, TensorSpec, Unknown

AnyDType = str | frozenset[str] | None

BOOL, INT, FLOAT, COMPLEX = 0, 1, 2, 3
DEFAULT: Final = "float32"
"""The dtype of a Python float in an operation, and of the creation functions."""

_WHOLE_OR_NOT: Final = frozenset({"int64", DEFAULT})
_NAMES: Final = BOOLS | UINTS | INTS | FLOATS | COMPLEXES
_GROUPS: Final = {
    (INT,): "Integer",
    (FLOAT,): "Float",
    (FLOAT, COMPLEX): "Inexact",
    (INT, FLOAT): "Real",
    (INT, FLOAT, COMPLEX): "Num",
    (BOOL,): "Bool",
    (COMPLEX,): "Complex",
}
_PYTHON: Final = {"bool": "bool", "int": "int64", "float": "float64", "complex": "complex128"}
LEGACY: Final = {
    "Tensor": DEFAULT,
    "FloatTensor": DEFAULT,
    "DoubleTensor": "float64",
    "HalfTensor": "float16",
    "BFloat16Tensor": "bfloat16",
    "ByteTensor": "uint8",
    "CharTensor": "int8",
    "ShortTensor": "int16",
    "IntTensor": "int32",
    "LongTensor": "int64",
    "BoolTensor": "bool",
}
"""The classes of `torch` whose objects are tensors, with their dtypes."""


def number_dtype(value: Any) -> AnyDType:
    """The dtype that a Python number counts as, or None when the value is not known to be one."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, Poly)):
        return "int64"
    if isinstance(value, float):
        return DEFAULT
    if isinstance(value, Number):
        return _WHOLE_OR_NOT
    return "complex64" if isinstance(value, complex) else None


def named_dtype(value: Any, default: AnyDType = None) -> AnyDType:
    """A `dtype=` argument as a dtype: `default` for None, unknown for what is not a dtype.

    Args:
        value: A name, a framework's dtype, a Python type (`bool`), None or an unknown value.
        default: What holds when it is not given.
    """
    if value is None:
        return default
    if isinstance(value, type):
        return _PYTHON.get(value.__name__)
    return canonical(value) if is_dtype(value) else None


def is_dtype(value: Any) -> bool:
    """Whether a value is the name of a dtype (a string may also name a device)."""
    if isinstance(value, DType):
        return True
    return isinstance(value, str) and canonical(value) in _NAMES


def categories(dtype: AnyDType) -> frozenset[int]:
    """The categories a dtype may be of: bool, integer, floating, complex; all when it is not known."""
    names = as_set(dtype)
    if names is None:
        return frozenset({BOOL, INT, FLOAT, COMPLEX})
    return frozenset(c for n in names if (c := category(n)) is not None)


def group_of(allowed: tuple[int, ...]) -> str | frozenset[str]:
    """What a set of categories is called: one of jaxtyping's groups, or else a typical dtype of each."""
    typical = {BOOL: "bool", INT: "int64", FLOAT: "float32", COMPLEX: "complex64"}
    return _GROUPS.get(allowed) or frozenset(typical[c] for c in allowed)


def result_type(*values: Any) -> AnyDType:
    """The dtype of an operation on tensors and numbers; None where an operand is not known."""
    tensors = [v for v in values if not number_dtype(v)]
    if any(isinstance(v, Unknown) or not isinstance(v, TensorSpec) or v.dtype is None for v in tensors):
        return None
    first = tensors[0].dtype if tensors else None
    if len(tensors) == len(values) and isinstance(first, str) and all(t.dtype == first for t in tensors):
        return first
    choices = [_standings(v) for v in values]
    if len(choices) > 6 or any(len(c) > 8 for c in choices):
        return None
    found = {_combine_all(choice) for choice in combinations(*choices)}
    return None if None in found else as_dtype(frozenset(f for f in found if f))


def _standings(value: Any) -> list[tuple[int, str]]:
    """What an operand may be: 0 a tensor, 1 a tensor without axes, 2 a number; with its dtype."""
    number = as_set(number_dtype(value))
    if number:
        return [(2, name) for name in sorted(number)]
    levels = (0, 1) if value.rank is None else (0,) if value.rank else (1,)
    return [(level, name) for level in levels for name in as_set(value.dtype) or ()]


def _combine_all(operands: tuple[tuple[int, str], ...]) -> str | None:
    levels: list[str | None] = [None, None, None]
    for level, name in operands:
        have = levels[level]
        together = name if have is None else promote_names(have, name)
        if together is None:
            return None
        levels[level] = together
    return _combine(levels[0], _combine(levels[1], levels[2]))


def _combine(higher: str | None, lower: str | None) -> str | None:
    """An operand of lower standing only raises the category."""
    if higher is None or lower is None:
        return higher or lower
    high, low = category(higher), category(lower)
    if high is None or low is None:
        return None
    if low <= high and high != BOOL:
        return higher
    if high == FLOAT:  # the complex dtype of as many bits a part
        return promote_names(higher, "complex32")
    return promote_names(higher, lower)


def floating(dtype: AnyDType) -> AnyDType:
    """The dtype of a function with real results: integers and bool become the default dtype."""
    names = as_set(dtype)
    if names is None:
        return None
    return as_dtype(frozenset(DEFAULT if category(n) in (BOOL, INT) else n for n in names))


def real_part(dtype: AnyDType) -> AnyDType:
    """The dtype of an absolute value: complex becomes floating."""
    parts = {"complex32": "float16", "complex64": "float32", "complex128": "float64"}
    names = as_set(dtype)
    return None if names is None else as_dtype(frozenset(parts.get(n, n) for n in names))


def castable(source: AnyDType, target: AnyDType) -> bool:
    """Whether an in-place operation may store a result in its target; True when that is not known."""
    low = min(categories(source), default=BOOL)
    return low <= max(categories(target), default=COMPLEX) or (low == INT and target is None)
