"""Tensors made of the numbers in lists whose length is not known: `torch.tensor([len(s) for s in texts])`."""

from __future__ import annotations

from typing import Any, Final

from shapetypes.core import dim as d
from shapetypes.core.dim import Poly
from shapetypes.core.shape import TensorSpec
from shapetypes.ops.promotion import number_dtype
from shapetypes.static.engine import Frame, size_of
from shapetypes.static.values import PyList, Range

DATA: Final = frozenset(f"torch.{name}" for name in ("as_tensor", "asarray", "tensor"))
"""The functions that make a tensor of nested lists of numbers."""


def rows(frame: Frame, value: Any) -> Any:
    """A list of unknown length as the array that its numbers are; anything else as it is.

    An array and not a tensor: PyTorch takes tensors among the elements for numbers.
    """
    if isinstance(value, Range):
        return _range(frame, value)
    if not isinstance(value, PyList):
        return value
    if value.items is not None:
        return PyList(tuple(rows(frame, item) for item in value.items), None, value.is_list)
    inner = _row(frame, value.element)
    count = d.unknown("the length of a list") if value.count is None else value.count
    if isinstance(inner, TensorSpec):
        known = inner.shape is not None and (inner.library == "numpy" or inner.rank == 0)
        return TensorSpec((count, *inner.parts), inner.dtype, library="numpy") if known else value
    dtype = number_dtype(inner)
    return value if dtype is None else TensorSpec((count,), dtype, library="numpy")


def _row(frame: Frame, value: Any) -> Any:
    """An element of such a list: one with items that are numbers is an array of them."""
    items = value.items if isinstance(value, PyList) else value
    if not isinstance(items, tuple) or not items:
        return rows(frame, value)
    dtypes = {number_dtype(item) for item in items}
    if None in dtypes:
        return value
    return TensorSpec((len(items),), dtypes.pop() if len(dtypes) == 1 else None, library="numpy")


def _range(frame: Frame, value: Range) -> Any:
    start, stop = size_of(value.start, frame), size_of(value.stop, frame)
    if start is None or stop is None or value.step != 1:
        return value
    count = frame.state.judge.reduce(stop - start)
    return TensorSpec((count,), "int64", library="numpy") if isinstance(count, Poly) or count >= 0 else value


__all__ = ["DATA", "rows"]
