"""Items of lists, dicts and containers of layers that are given another value, or deleted."""

from __future__ import annotations

import ast
from typing import Any, Final

from shapetypes.core.shape import Unknown
from shapetypes.static import changes, expressions as ex, objects
from shapetypes.static.engine import Frame
from shapetypes.static.values import Modules, Obj, PyDict, PyList

_GONE = object()
_TABLES = frozenset({"__dict__", "_modules", "_parameters", "_buffers"})


def set_by_name(frame: Frame, obj: Obj, name: Any, value: Any) -> None:
    """`setattr(obj, name, value)`: with a name that is not known it may be any attribute."""
    if isinstance(name, str):
        frame.state.heap[(obj.id, name)] = value
        return
    for key in [k for k in frame.state.heap if k[0] == obj.id and not k[1].startswith("\0")]:
        frame.state.heap[key] = Unknown("an attribute that is set by a name that is not known")


def owner_of_table(frame: Frame, node: ast.expr) -> Obj | None:
    """The object whose attributes an expression is the table of: `x.__dict__`, `x._modules`, `vars(x)`."""
    owner: ast.expr | None = None
    if isinstance(node, ast.Attribute) and node.attr in _TABLES:
        owner = node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "vars" and node.args:
        owner = node.args[0]
    found = ex.evaluate(frame, owner) if owner is not None else None
    return found if isinstance(found, Obj) else None


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


# -- items that are lists themselves --------------------------------------------------------------------------------


_EXACT: Final = (int, str, slice)
"""What tells which item is meant; a slice makes a list of its own."""


def change_any(frame: Frame, owner: ast.expr) -> None:
    """Forget what the lists in a container hold where one of them is changed, and it is not known which.

    `groups[i].append(x)`: after that nothing is known of what is in any of them.
    """
    if not isinstance(owner, ast.Subscript):
        return
    change_any(frame, owner.value)
    base, index = _quietly(frame, owner.value), _quietly(frame, owner.slice)
    if not isinstance(index, _EXACT):
        _open_all(frame, base)


def taken(frame: Frame, source: ast.expr, names: set[str], value: Any) -> Any:
    """An item that is given a name, by which it is changed later: `group = groups[i]` and `group.append(x)`."""
    if not isinstance(source, ast.Subscript) or not isinstance(value, (PyList, PyDict)):
        return value
    if names.isdisjoint(_changed_names(frame)) or isinstance(_quietly(frame, source.slice), _EXACT):
        return value
    _open_all(frame, _quietly(frame, source.value))
    return changes.opened(value)


def taken_in_turn(frame: Frame, node: ast.For | ast.AsyncFor) -> None:
    """The same where a loop goes through them: `for group, x in zip(groups, xs)`."""
    targets = {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}
    if not targets.isdisjoint(_changed_names(frame)):
        for name in [n.id for n in ast.walk(node.iter) if isinstance(n, ast.Name)]:
            _open_all(frame, frame.state.env.get(name))


def _changed_names(frame: Frame) -> frozenset[str]:
    return changes.writes(frame.func.node)[1] if frame.func is not None else frozenset(frame.module.changed)


def _quietly(frame: Frame, node: ast.expr) -> Any:
    """The value of an expression that has been evaluated already; what another evaluation may change is not known."""
    if any(_may_change(part) for part in ast.walk(node)):
        return Unknown("a call")
    own, frame.own = frame.own, False
    with frame.engine.capture():
        value = ex.evaluate(frame, node)
    frame.own = own
    return value


_ONLY_READ: Final = frozenset({"abs", "bool", "endswith", "int", "item", "len", "max", "min", "startswith", "str"})


def _may_change(part: ast.AST) -> bool:
    if isinstance(part, ast.Call):
        return getattr(part.func, "id", getattr(part.func, "attr", "")) not in _ONLY_READ
    return isinstance(part, (ast.NamedExpr, ast.Await))


def _open_all(frame: Frame, owner: Any) -> None:
    held = owner.items if isinstance(owner, (PyList, PyDict)) else owner
    each = tuple(held.values()) if isinstance(held, dict) else held
    for item in each if isinstance(each, tuple) else ():
        if isinstance(item, (PyList, PyDict, Modules)):
            frame.state.replace(item, changes.opened(item))


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
    items, keys = owner.items, owner.keys
    if items is None:
        return Modules(owner.kind, None)
    if keys is None and isinstance(index, str) and not index.isdigit() and value is not _GONE:
        keys = tuple(str(i) for i in range(len(items)))
    if keys is not None and isinstance(index, str):
        table = _entries(dict(zip(keys, items, strict=True)), index, value)
        return Modules(owner.kind, None) if table is None else Modules(owner.kind, (*table.values(),), (*table,))
    row = _row(items, index, value)
    # What is left of layers with names keeps them; those without are counted anew.
    names = _row(keys, index, _GONE if value is _GONE else _at(keys, index)) if keys else None
    known = row is not None and (names is None) == (not keys)
    return Modules(owner.kind, row, names) if known else Modules(owner.kind, None)


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
