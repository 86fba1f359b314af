"""The op database: stubs with axis strings, and shape functions, under one entry point, `infer`.

What it exports is loaded at first use: a front end that only asks which packages have stubs needs none of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shapetypes.core.fault import ShapeError
    from shapetypes.core.shape import TensorSpec, Unknown
    from shapetypes.ops.infer import infer

_HOMES = {
    "ShapeError": "shapetypes.core.fault",
    "TensorSpec": "shapetypes.core.shape",
    "Unknown": "shapetypes.core.shape",
    "infer": "shapetypes.ops.infer",
}

__all__ = ["ShapeError", "TensorSpec", "Unknown", "infer"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found
