"""Items of lists, dicts and containers of layers that are given another value, or deleted."""

from __future__ import annotations

import ast
from typing import Any

from shapetypes.core.shape import Unknown
from shapetypes.static import objects
from shapetypes.static.engine import Frame
from shapetypes.static.values import Modules, Obj, PyDict, PyList

_GONE = object()


def put_item(frame: Frame, node: ast.AST, owner: Any, index: Any, value: Any) -> None:
    """`owner[index] = value` of anything but a tensor; every alias of it changes."""
    if isinstance(owner, Obj):
        objects.call_method(frame, node, owner, "__setitem__", (index, value), {})
    elif isinstance(owner, (PyDict, PyList, Modules)):
        frame.state.replace(owner, _changed(owner, index, value))


def delete_item(frame: Frame, node: ast.AST, owner: Any, index: Any) -> None:
    """`del owner[index]`; every alias of it changes."""
    if isinstance(owner, Obj):
        objects.call_method(frame, node, owner, "__delitem__", (index,), {})
    elif isinstance(owner, (PyDict, PyList, Modules)):
        frame.state.replace(owner, _changed(owner, index, _GONE))


def _changed(owner: PyDict | PyList | Modules, index: Any, value: Any) -> Any:
    if isinstance(owner, PyDict):
        table = (
            None if owner.items is None or not isinstance(index, (str, int)) else _entries(owner.items, index, value)
        )
        return PyDict(table, None if table is not None else Unknown("an item of a dict"))
    if isinstance(owner, PyList):
        row = None if owner.items is None else _row(owner.items, index, value)
        return PyList(row, None if row is not None else Unknown("an item of a list"), owner.is_list)
    return _layers(owner, index, value)


def _layers(owner: Modules, index: Any, value: Any) -> Modules:
    if owner.items is None:
        return Modules(owner.kind, None)
    if owner.keys is not None and isinstance(index, str):
        table = _entries(dict(zip(owner.keys, owner.items, strict=True)), index, value)
        return Modules(owner.kind, None) if table is None else Modules(owner.kind, (*table.values(),), (*table,))
    items = _row(owner.items, index, value)
    # What is left of layers with names keeps them; those without are counted anew.
    keys = _row(owner.keys, index, _GONE if value is _GONE else _at(owner.keys, index)) if owner.keys else None
    known = items is not None and (keys is None) == (not owner.keys)
    return Modules(owner.kind, items, keys) if known else Modules(owner.kind, None)


def _at(items: tuple[Any, ...], index: Any) -> Any:
    return items[index] if isinstance(index, int) and -len(items) <= index < len(items) else None


def _entries(table: dict[Any, Any], key: Any, value: Any) -> dict[Any, Any] | None:
    if value is _GONE:
        return {k: v for k, v in table.items() if k != key} if key in table else None
    return {**table, key: value}


def _row(items: tuple[Any, ...], index: Any, value: Any) -> tuple[Any, ...] | None:
    """A row of items with one changed, or some deleted; None where it is not known which."""
    row = list(items)
    if isinstance(index, int) and -len(row) <= index < len(row):
        row[index : index + 1 or None] = [] if value is _GONE else [value]
        return tuple(row)
    if value is _GONE and isinstance(index, slice):
        if all(end is None or isinstance(end, int) for end in (index.start, index.stop, index.step)):
            del row[index]
            return tuple(row)
    return None
