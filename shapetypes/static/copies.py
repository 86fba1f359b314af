"""Copies, and records made of others: what is changed in one does not change what it was made of."""

from __future__ import annotations

import ast
from copy import copy
from typing import Any

from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.apply import Layer
from shapetypes.static import calls, objects
from shapetypes.static.engine import Frame
from shapetypes.static.values import Alt, ClassRef, Modules, Obj, PyDict, PyList


def copied(frame: Frame, value: Any, deep: bool) -> Any:
    """A copy of a value; a deep one has copies of all that it holds."""
    return _Copies(frame, deep).of(value)


def replaced(frame: Frame, node: ast.AST, value: Any, changes: dict[str, Any]) -> Any:
    """`dataclasses.replace` and `_replace` of a NamedTuple: an object made of the fields of another one."""
    if not isinstance(value, Obj) or not value.exact or not objects.is_record(frame, value.info):
        return Unknown("fields of something that is not known")
    fields = {
        name: objects.attribute(frame, value, name)
        for name, info in objects.record_fields(frame, value.info).items()
        if _is_argument(info.constants.get(name))
    }
    return calls.call_value(frame, node, ClassRef(value.info), (), {**fields, **changes})


def _is_argument(default: ast.expr | None) -> bool:
    """Whether a field is an argument of the constructor: not so with `field(init=False)`."""
    keywords = default.keywords if isinstance(default, ast.Call) else []
    return not any(k.arg == "init" and isinstance(k.value, ast.Constant) and k.value.value is False for k in keywords)


class _Copies:
    """The copies that one call makes: what is held twice is copied once."""

    def __init__(self, frame: Frame, deep: bool) -> None:
        self.heap = frame.state.heap
        self.deep = deep
        self.made: dict[int, tuple[Any, Any]] = {}

    def of(self, value: Any) -> Any:
        """The copy of a value."""
        known = self.made.get(id(value))
        if known is not None:
            return known[1]
        out = self._new(value)
        self.made[id(value)] = value, out
        return out

    def _new(self, value: Any) -> Any:
        if isinstance(value, Obj):
            return self._object(value)
        if isinstance(value, Layer):
            return copy(value)
        if isinstance(value, TensorSpec):
            return TensorSpec(value.shape, value.dtype, library=value.library)
        if isinstance(value, Modules):
            return Modules(value.kind, self._all(value.items), value.keys, value.element, value.count)
        if isinstance(value, PyList):
            return PyList(self._all(value.items), value.element, value.is_list, value.count)
        if isinstance(value, PyDict):
            items = value.items
            return PyDict(None if items is None else {k: self._held(v) for k, v in items.items()}, value.element)
        if isinstance(value, tuple):
            return self._all(value)
        if isinstance(value, Alt):
            return Alt(tuple((conds, self.of(v)) for conds, v in value.options))
        return value

    def _object(self, value: Obj) -> Obj:
        out = Obj(value.info, exact=value.exact)
        self.made[id(value)] = value, out  # it may hold itself
        for (owner, name), held in list(self.heap.items()):
            if owner == value.id:
                self.heap[out.id, name] = self._held(held)
        return out

    def _held(self, value: Any) -> Any:
        return self.of(value) if self.deep else value

    def _all(self, items: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
        return None if items is None else tuple(self._held(v) for v in items)
