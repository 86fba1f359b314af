"""`numpy.c_[...]` and `numpy.r_[...]`: arrays put together by an index."""

from __future__ import annotations

import ast
from typing import Any, Final

from shapetypes.core import dim as d
from shapetypes.core.dim import Poly
from shapetypes.core.shape import Number, TensorSpec, Unknown
from shapetypes.ops.stubs import Function
from shapetypes.static import calls
from shapetypes.static.engine import Frame

PATHS: Final = frozenset({"numpy.c_", "numpy.r_"})


def joined(frame: Frame, node: ast.AST, path: str, index: Any) -> Any:
    """What `c_` or `r_` makes of its items.

    Raises:
        ShapeError: they do not fit.
    """
    parts = index if isinstance(index, tuple) else (index,)
    columns = path == "numpy.c_"
    found = [_column(p) if columns else _row(p) for p in parts]
    join = frame.stubs.find("numpy.concatenate")
    if any(p is None for p in found) or not isinstance(join, Function):
        return Unknown("items that are not known to be arrays")
    subject = f"{path.rpartition('.')[2]}[]"
    return calls.stub_call(frame, join, (tuple(found), -1 if columns else 0), {}, subject, None, node)[0]


def _column(value: Any) -> TensorSpec | None:
    """`"n" -> "n 1"`; arrays of two axes and more stay as they are."""
    if not isinstance(value, TensorSpec):
        return TensorSpec((1, 1), library="numpy") if isinstance(value, (int, float, Poly, Number)) else None
    if value.rank is None or value.rank > 1:
        return value
    return value.with_shape((*value.parts, 1) if value.parts else (1, 1))


def _row(value: Any) -> TensorSpec | None:
    """A number is one element, a slice some."""
    if isinstance(value, slice):
        return TensorSpec((d.unknown("a range"),), library="numpy")
    if not isinstance(value, TensorSpec):
        return TensorSpec((1,), library="numpy") if isinstance(value, (int, float, Poly, Number)) else None
    return value if value.rank != 0 else value.with_shape((1,))


__all__ = ["PATHS", "joined"]
