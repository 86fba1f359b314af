"""Tensor shapes as types: one annotation, checked before running, before the forward pass and at run time.

Everything is loaded when it is first used: `import shapetypes` alone loads neither jaxtyping nor a framework.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jaxtyping import (
        BFloat16 as BFloat16,
        Bool as Bool,
        Complex as Complex,
        Complex64 as Complex64,
        Complex128 as Complex128,
        Float as Float,
        Float8e4m3b11fnuz as Float8e4m3b11fnuz,
        Float8e4m3fn as Float8e4m3fn,
        Float8e4m3fnuz as Float8e4m3fnuz,
        Float8e5m2 as Float8e5m2,
        Float8e5m2fnuz as Float8e5m2fnuz,
        Float16 as Float16,
        Float32 as Float32,
        Float64 as Float64,
        Inexact as Inexact,
        Int as Int,
        Int2 as Int2,
        Int4 as Int4,
        Int8 as Int8,
        Int16 as Int16,
        Int32 as Int32,
        Int64 as Int64,
        Integer as Integer,
        Key as Key,
        Num as Num,
        Real as Real,
        Shaped as Shaped,
        UInt as UInt,
        UInt2 as UInt2,
        UInt4 as UInt4,
        UInt8 as UInt8,
        UInt16 as UInt16,
        UInt32 as UInt32,
        UInt64 as UInt64,
    )

    from shapetypes.annotations import Dim as Dim, Rule as Rule
    from shapetypes.core.fault import AnnotationError as AnnotationError, ShapeError as ShapeError
    from shapetypes.import_hook import install_import_hook as install_import_hook
    from shapetypes.runtime.agreement import agree as agree
    from shapetypes.runtime.decorate import shapecheck as shapecheck
    from shapetypes.runtime.inside import assert_shape as assert_shape, dims as dims
    from shapetypes.runtime.instrument import instrument as instrument
    from shapetypes.runtime.layers import shaped as shaped
    from shapetypes.runtime.report import ShapeWarning as ShapeWarning
    from shapetypes.runtime.scopes import scope as scope

_JAXTYPING = (
    "BFloat16", "Bool", "Complex", "Complex128", "Complex64", "Float", "Float16", "Float32", "Float64",
    "Float8e4m3b11fnuz", "Float8e4m3fn", "Float8e4m3fnuz", "Float8e5m2", "Float8e5m2fnuz", "Inexact", "Int", "Int16",
    "Int2", "Int32", "Int4", "Int64", "Int8", "Integer", "Key", "Num", "Real", "Shaped", "UInt", "UInt16", "UInt2",
    "UInt32", "UInt4", "UInt64", "UInt8",
)  # fmt: skip
_HOMES = {
    **dict.fromkeys(_JAXTYPING, "jaxtyping"),
    "AnnotationError": "shapetypes.core.fault",
    "Dim": "shapetypes.annotations",
    "Rule": "shapetypes.annotations",
    "ShapeError": "shapetypes.core.fault",
    "ShapeWarning": "shapetypes.runtime.report",
    "agree": "shapetypes.runtime.agreement",
    "assert_shape": "shapetypes.runtime.inside",
    "install_import_hook": "shapetypes.import_hook",
    "load_ipython_extension": "shapetypes.import_hook",
    "unload_ipython_extension": "shapetypes.import_hook",
    "dims": "shapetypes.runtime.inside",
    "instrument": "shapetypes.runtime.instrument",
    "scope": "shapetypes.runtime.scopes",
    "shapecheck": "shapetypes.runtime.decorate",
    "shaped": "shapetypes.runtime.layers",
}
"""Where each public name is at home."""

if not TYPE_CHECKING:
    __all__ = [name for name in _HOMES if not name.endswith("ipython_extension")]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(home), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})


if os.environ.get("SHAPETYPES_IMPORT_HOOK"):  # set by a process that has spawned this one
    from shapetypes.import_hook import install_from_environment

    install_from_environment()
