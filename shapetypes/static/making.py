"""Classes whose objects are not made by their `__init__` alone: by `__new__`, a metaclass or a class decorator."""

from __future__ import annotations

import ast

from shapetypes.static.engine import Frame
from shapetypes.static.modules import ClassInfo
from shapetypes.static.values import ClassRef, Func


def otherwise(frame: Frame, info: ClassInfo) -> str | None:
    """Why it is not known what calling a class makes; None where its `__init__` says it."""
    if isinstance(frame.names.method(info, "__new__"), Func):
        return "a class with its own `__new__`"
    for item in frame.names.lineage(info):
        if isinstance(item, ClassRef) and any(_makes(frame, item.info, k.value) for k in _metaclass(item.info)):
            return "a metaclass makes it"
    if any(_replaces(frame, info, node) for node in info.node.decorator_list):
        return "a decorator puts another class in its place"
    return None


def _metaclass(info: ClassInfo) -> list[ast.keyword]:
    return [k for k in info.node.keywords if k.arg == "metaclass"]


def _makes(frame: Frame, info: ClassInfo, node: ast.expr) -> bool:
    found = frame.names.static(node, info.module, info.closure)
    return isinstance(found, ClassRef) and isinstance(frame.names.method(found.info, "__call__"), Func)


def _replaces(frame: Frame, info: ClassInfo, node: ast.expr) -> bool:
    """Whether a decorator is a function of the project with another class in it."""
    head = node.func if isinstance(node, ast.Call) else node
    found = frame.names.static(head, info.module, info.closure)
    if not isinstance(found, Func):
        return False
    parts = list(ast.walk(found.node))
    return any(isinstance(p, ast.ClassDef) or (isinstance(p, ast.Name) and p.id == "type") for p in parts)
