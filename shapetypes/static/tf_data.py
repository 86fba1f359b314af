"""`tf.data.Dataset`: what one element is, through `map` and `batch`."""

from __future__ import annotations

import ast
from typing import Any, Final

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.call import Call
from shapetypes.static import calls, datasets, expressions as ex
from shapetypes.static.engine import Frame
from shapetypes.static.values import PyDict, Samples

SLICES: Final = "tensorflow.data.Dataset.from_tensor_slices"
MAKERS: Final = frozenset(f"tensorflow.data.Dataset.{name}" for name in ("from_tensors", "from_generator", "zip"))
_KEEP = frozenset({"shuffle", "repeat", "prefetch", "cache", "take", "skip", "filter", "shard", "with_options"})


def slices(frame: Frame, args: tuple[Any, ...]) -> Samples | Unknown:
    """`from_tensor_slices`: an element is a row of each tensor.

    Raises:
        ShapeError: the tensors have different lengths.
    """
    parts: list[TensorSpec] = []
    row = _rows(frame, args[0], parts) if args else None
    if row is None or not parts:
        return Unknown("a dataset of values that are not known")
    call = Call(frame.state.judge, "from_tensor_slices()")
    call.operands = [part.labelled(f"tensors[{i}]") for i, part in enumerate(parts)]
    for other in call.operands[1:]:
        call.match(call.operands[0], 0, other, 0)
    return Samples(calls.as_library(row, "tf"), parts[0].parts[0])


def made(frame: Frame, path: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A dataset by the other ways of making one: `from_tensors`, `from_generator`, `zip`."""
    name = path.rpartition(".")[2]
    first = args[0] if args else next(iter(kwargs.values()), None)
    if name == "from_tensors":
        return Samples(calls.as_library(first, "tf"), 1)
    if name == "from_generator":
        item = kwargs.get("output_signature")
        return Unknown("a dataset of a generator") if item is None else Samples(item, None)
    parts = first if name == "zip" and len(args) == 1 and isinstance(first, tuple) else args
    if name == "zip" and parts and all(isinstance(p, Samples) for p in parts):
        return Samples(tuple(p.item for p in parts), None)
    return Unknown("a dataset")


def _rows(frame: Frame, value: Any, parts: list[TensorSpec]) -> Any:
    """An element of nested tensors, which are collected; None where one of them is not known."""
    if isinstance(value, TensorSpec):
        if not value.rank:
            return None
        parts.append(value)
        return ex.element(frame, value)
    if isinstance(value, tuple):
        rows = tuple(_rows(frame, v, parts) for v in value)
        return None if None in rows else rows
    if isinstance(value, PyDict) and value.items is not None:
        table = {k: _rows(frame, v, parts) for k, v in value.items.items()}
        return None if None in table.values() else PyDict(table)
    return None


def method(
    frame: Frame, node: ast.AST, owner: Samples, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """A method of a dataset.

    Raises:
        ShapeError: what `map` calls refuses an element.
    """
    if name in _KEEP:
        return Samples(owner.item, None)
    if name == "map" and (args or "map_func" in kwargs):
        function = args[0] if args else kwargs["map_func"]
        row = owner.item if isinstance(owner.item, tuple) else (owner.item,)
        return Samples(calls.call_value(frame, node, function, row, {}), owner.count)
    if name == "batch":
        size = args[0] if args else kwargs.get("batch_size")
        drop = kwargs.get("drop_remainder", args[1] if len(args) > 1 else False)
        batched = datasets.collate(owner.item, _batch(size, owner.count, drop))
        return Samples(calls.as_library(batched, "tf"), None)
    if name == "window" and isinstance(owner.item, TensorSpec):
        size, drop = (args[0] if args else kwargs.get("size")), kwargs.get("drop_remainder")
        return Samples(Samples(owner.item, size if isinstance(size, int) and drop is True else None), None)
    if name == "flat_map" and (args or "map_func" in kwargs):
        function = args[0] if args else kwargs["map_func"]
        row = owner.item if isinstance(owner.item, tuple) else (owner.item,)
        inner = calls.call_value(frame, node, function, row, {})
        return Samples(inner.item, None) if isinstance(inner, Samples) else Unknown("what `flat_map` makes")
    return Unknown(f"`.{name}()` of a dataset")


def _batch(size: Any, count: Any, drop: Any) -> Dim:
    """The size of every batch, where all have the same."""
    if isinstance(size, int) and size > 0:
        if drop is True or (isinstance(count, int) and count % size == 0):
            return size
    return d.unknown("the size of a batch")


__all__ = ["MAKERS", "SLICES", "made", "method", "slices"]
