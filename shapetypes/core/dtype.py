"""dtypes as sets of names. Two dtypes differ only when their sets have nothing in common."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

DTypes: TypeAlias = frozenset[str] | None


class DType(str):
    """A dtype as a value of the program: its name, such as `"float32"`."""

    __slots__ = ()


_FLOAT8 = ("float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "float8_e8m0fnu", "float8_e4m3b11fnuz")
FLOATS: Final = frozenset({"float16", "bfloat16", "float32", "float64", "float4_e2m1fn", "float4_e2m1fn_x2", *_FLOAT8})
COMPLEXES: Final = frozenset({"complex32", "complex64", "complex128"})
UINTS: Final = frozenset({"uint2", "uint4", "uint8", "uint16", "uint32", "uint64"})
INTS: Final = frozenset({"int2", "int4", "int8", "int16", "int32", "int64"})
BOOLS: Final = frozenset({"bool"})
KEYS: Final = frozenset({"prng_key"})

GROUPS: Final[dict[str, DTypes]] = {
    "Shaped": None,
    "Bool": BOOLS,
    "Key": KEYS,
    "UInt": UINTS,
    "Int": INTS,
    "Integer": UINTS | INTS,
    "Float": FLOATS,
    "Complex": COMPLEXES,
    "Inexact": FLOATS | COMPLEXES,
    "Real": FLOATS | UINTS | INTS,
    "Num": FLOATS | COMPLEXES | UINTS | INTS,
    "UInt2": frozenset({"uint2"}),
    "UInt4": frozenset({"uint4"}),
    "UInt8": frozenset({"uint8"}),
    "UInt16": frozenset({"uint16"}),
    "UInt32": frozenset({"uint32"}),
    "UInt64": frozenset({"uint64"}),
    "Int2": frozenset({"int2"}),
    "Int4": frozenset({"int4"}),
    "Int8": frozenset({"int8"}),
    "Int16": frozenset({"int16"}),
    "Int32": frozenset({"int32"}),
    "Int64": frozenset({"int64"}),
    "Float4e2m1fn": frozenset({"float4_e2m1fn", "float4_e2m1fn_x2"}),
    "Float8e4m3b11fnuz": frozenset({"float8_e4m3b11fnuz"}),
    "Float8e4m3fn": frozenset({"float8_e4m3fn"}),
    "Float8e4m3fnuz": frozenset({"float8_e4m3fnuz"}),
    "Float8e5m2": frozenset({"float8_e5m2"}),
    "Float8e5m2fnuz": frozenset({"float8_e5m2fnuz"}),
    "Float8e8m0fnu": frozenset({"float8_e8m0fnu"}),
    "BFloat16": frozenset({"bfloat16"}),
    "Float16": frozenset({"float16"}),
    "Float32": frozenset({"float32"}),
    "Float64": frozenset({"float64"}),
    "Complex64": frozenset({"complex64"}),
    "Complex128": frozenset({"complex128"}),
}
"""jaxtyping's dtype classes and the dtypes each accepts; `None` accepts all."""

ALIASES: Final = {
    "float": "float32",
    "double": "float64",
    "half": "float16",
    "long": "int64",
    "int": "int32",
    "short": "int16",
    "cfloat": "complex64",
    "cdouble": "complex128",
    "chalf": "complex32",
    "byte": "uint8",
    "char": "int8",
    "bool_": "bool",
}
"""Other names of torch's and NumPy's dtypes."""

_CATEGORY = {
    **dict.fromkeys(BOOLS, 0),
    **dict.fromkeys(UINTS | INTS, 1),
    **dict.fromkeys(FLOATS, 2),
    **dict.fromkeys(COMPLEXES, 3),
}
_BITS = {"bool": 1, "bfloat16": 16, **{f"{k}{b}": b for k in ("int", "uint", "float") for b in (2, 4, 8, 16, 32, 64)}}
_ALONE = ("float8", "float4", "int2", "int4")
_WITH_FLOATS = frozenset({"uint2", "uint4", "uint16", "uint32", "uint64"})
"""Unsigned dtypes that torch promotes with floating ones only."""
_BITS.update(complex32=16, complex64=32, complex128=64)


def as_set(dtype: str | frozenset[str] | None) -> DTypes:
    """A dtype as the set of names it may be; `None` for any."""
    return frozenset({dtype}) if isinstance(dtype, str) else dtype


def as_dtype(names: DTypes) -> str | frozenset[str] | None:
    """A set of names as a dtype: the name alone when there is one."""
    return next(iter(names)) if names is not None and len(names) == 1 else names


def canonical(text: str) -> str:
    """`torch.float` and `float` as `float32`, `numpy.bool_` as `bool`, other names as they are."""
    text = text.rsplit(".", 1)[-1]
    return ALIASES.get(text, text)


def disjoint(a: str | frozenset[str] | None, b: str | frozenset[str] | None) -> bool:
    """Whether the two dtypes surely differ."""
    x, y = as_set(a), as_set(b)
    return x is not None and y is not None and x.isdisjoint(y)


def category(name: str) -> int | None:
    """0 bool, 1 integer, 2 floating, 3 complex; None for other dtypes."""
    return _CATEGORY.get(name)


def promote_names(a: str, b: str) -> str | None:
    """torch's type promotion of two dtypes of tensors with the same standing, or None where there is none."""
    if a == b:
        return a
    ca, cb = _CATEGORY.get(a), _CATEGORY.get(b)
    if ca is None or cb is None or a.startswith(_ALONE) or b.startswith(_ALONE):
        return None
    if (a in _WITH_FLOATS and cb != 2) or (b in _WITH_FLOATS and ca != 2):
        return None
    if ca > cb:
        return a if cb < 2 else _complex_of(a, b)
    if cb > ca:
        return b if ca < 2 else _complex_of(b, a)
    if ca == 1:
        return _promote_ints(a, b)
    if {a, b} == {"bfloat16", "float16"}:
        return "float32"
    return a if _BITS[a] >= _BITS[b] else b


def _complex_of(name: str, real: str) -> str:
    bits = max(_BITS[name], 32 if real == "bfloat16" else _BITS[real])
    return {16: "complex32", 32: "complex64", 64: "complex128"}[bits]


def _promote_ints(a: str, b: str) -> str:
    if "uint8" not in (a, b):
        return a if _BITS[a] >= _BITS[b] else b
    signed = b if a == "uint8" else a
    return signed if _BITS[signed] > 8 else "int16"


def promote(*dtypes: str | frozenset[str] | None) -> str | frozenset[str] | None:
    """The dtype of an element-wise operation on tensors of rank >= 1; unknown when one of them is."""
    out: DTypes = None
    for i, dtype in enumerate(dtypes):
        names = as_set(dtype)
        if names is None:
            return None
        if i == 0:
            out = names
            continue
        pairs = {promote_names(a, b) for a in out or () for b in names}
        out = None if None in pairs else frozenset(p for p in pairs if p)
        if out is None:
            return None
    return as_dtype(out)


_BYTES: Final = {"bool": 1, "complex32": 4, "complex64": 8, "complex128": 16, "bfloat16": 2}


def element_bytes(dtype: str | frozenset[str] | None) -> int | None:
    """The bytes of one element, or None where they are not known or not whole (`uint4`)."""
    sizes = {_BYTES.get(n) or _bits(n) // 8 for n in as_set(dtype) or ()}
    return (sizes.pop() or None) if len(sizes) == 1 else None


def _bits(dtype: str) -> int:
    """`float32`: 32; what follows the first number is the format (`float8_e4m3fn`), or that two share an element."""
    found = re.match(r"[a-z]+(\d+)", dtype)
    return int(found[1]) * (2 if dtype.endswith("_x2") else 1) if found else 0
