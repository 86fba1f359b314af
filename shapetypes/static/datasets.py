"""Datasets and loaders of `torch.utils.data`: what one sample is, and what a batch of samples is."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Dim, Poly
from shapetypes.core.fault import ShapeError
from shapetypes.core.shape import Number, TensorSpec, Unknown
from shapetypes.ops.call import Call
from shapetypes.static import calls, expressions as ex, objects
from shapetypes.static.engine import Frame
from shapetypes.static.join import generalise
from shapetypes.static.values import Func, Obj, PyDict, PyList, Samples

PACKAGE = "torch.utils.data."


def outside(frame: Frame, node: ast.AST, path: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What `torch.utils.data` makes of its arguments; None for what is not known.

    Raises:
        ShapeError: tensors of one dataset have different lengths.
    """
    handler = _HANDLERS.get(path.removeprefix(PACKAGE))
    return handler(frame, node, args, kwargs) if handler else None


def samples(frame: Frame, node: ast.AST, dataset: Any) -> Samples | None:
    """The samples of a dataset: its own, the items of a list, or what its `__getitem__` returns."""
    if isinstance(dataset, Samples):
        return dataset
    if isinstance(dataset, PyList):
        return _listed(dataset)
    if isinstance(dataset, TensorSpec) and dataset.rank:
        return Samples(ex.element(frame, dataset), dataset.parts[0])
    if isinstance(dataset, Obj) and isinstance(frame.names.method(dataset.info, "__getitem__"), Func):
        return Samples(objects.call_method(frame, node, dataset, "__getitem__", (d.unknown("an index"),), {}), None)
    return None


def _listed(dataset: PyList) -> Samples | None:
    if not dataset.items:
        return None if dataset.element is None else Samples(dataset.element, None)
    item = dataset.items[0]
    for other in dataset.items[1:]:
        item = generalise(item, other)
    return Samples(item, len(dataset.items))


def collate(value: Any, batch: Dim) -> Any:
    """A batch of such values. Source: `torch.utils.data.default_collate`."""
    if isinstance(value, TensorSpec):
        return TensorSpec(None if value.shape is None else (batch, *value.parts), value.dtype)
    if isinstance(value, tuple):
        return tuple(collate(v, batch) for v in value)
    if isinstance(value, PyList) and value.items is not None:
        return PyList(tuple(collate(v, batch) for v in value.items), None, value.is_list)
    if isinstance(value, PyDict) and value.items is not None:
        return PyDict({k: collate(v, batch) for k, v in value.items.items()})
    if isinstance(value, bool):
        return TensorSpec((batch,), "bool")
    if isinstance(value, (int, Poly)):
        return TensorSpec((batch,), "int64")
    if isinstance(value, float):
        return TensorSpec((batch,), "float64")
    return TensorSpec((batch,), None) if isinstance(value, Number) else Unknown("a batch of unknown samples")


def _tensors(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if kwargs or not args or not all(isinstance(a, TensorSpec) and a.rank for a in args):
        return None
    call = Call(frame.state.judge, "TensorDataset")
    named = [a.labelled(f"tensors[{i}]") for i, a in enumerate(args)]
    call.operands.extend(named)
    for other in named[1:]:
        call.match(named[0], 0, other, 0)
    return Samples(tuple(ex.element(frame, a) for a in args), args[0].parts[0])


def _loader(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    given = dict(zip(("dataset", "batch_size", "shuffle", "sampler", "batch_sampler"), args, strict=False)) | kwargs
    found = samples(frame, node, given.get("dataset"))
    if found is None:
        return None
    if given.get("batch_size", 1) is None and given.get("batch_sampler") is None:
        return Samples(found.item, found.count)
    function = given.get("collate_fn")
    if function is not None:
        try:
            batch = calls.call_value(frame, node, function, (PyList(None, found.item),), {})
        except ShapeError:
            batch = Unknown("what collate_fn returns")
        return Samples(batch, None)
    return Samples(collate(found.item, _batch(given, found.count)), None)


def _batch(given: dict[str, Any], count: Dim | None) -> Dim:
    """The size of every batch, where all have the same (elements)."""
    size = given.get("batch_size", 1)
    if isinstance(size, int) and size > 0 and given.get("batch_sampler") is None:
        if given.get("drop_last") is True or size == 1:
            return size
        if isinstance(count, int) and given.get("sampler") is None and count > 0:
            if count % size == 0:
                return size
            if count < size:
                return count
    return d.unknown("the size of a batch")


def _part(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    found = samples(frame, node, args[0] if args else kwargs.get("dataset"))
    return None if found is None else Samples(found.item, None)


def _split(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    part = _part(frame, node, args, kwargs)
    lengths = args[1] if len(args) > 1 else kwargs.get("lengths")
    items = None if part is None else ex.iterate(frame, lengths)
    if items is None:
        return None
    return PyList(tuple(Samples(part.item, v if isinstance(v, int) and v > 1 else None) for v in items))


_HANDLERS: dict[str, Callable[..., Any]] = {
    "TensorDataset": _tensors,
    "DataLoader": _loader,
    "random_split": _split,
    "Subset": _part,
}


__all__ = ["PACKAGE", "collate", "outside", "samples"]
