"""Classes that a call makes, and those whose objects are not made by their `__init__` alone."""

from __future__ import annotations

import ast
from typing import Any

from shapetypes.core.shape import Unknown
from shapetypes.static.engine import Frame
from shapetypes.static.modules import ClassInfo
from shapetypes.static.values import ClassRef, Func, PyList, Ref


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


def named_tuple(frame: Frame, node: ast.AST, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The class that `namedtuple("Pair", ["first", "second"])` makes; with defaults or new names it is not known."""
    names = None if len(args) != 2 or kwargs else _field_names(args[1])
    if names is None or not isinstance(args[0], str) or not all(name.isidentifier() for name in names):
        return Unknown("a named tuple")
    info = getattr(node, "shapetypes_class", None)
    if info is None:
        text = "\n".join([f"class {args[0]}(NamedTuple):", *(f"    {name}: Any" for name in names), "    pass"])
        made = ast.parse(text).body[0]
        assert isinstance(made, ast.ClassDef)
        for part in ast.walk(made):
            ast.copy_location(part, node)
        around = {"NamedTuple": Ref("typing.NamedTuple"), "Any": Ref("typing.Any")}
        info = ClassInfo(made, frame.module, around)
        node.shapetypes_class = info  # type: ignore[attr-defined]
    return ClassRef(info)


def _field_names(given: Any) -> list[str] | None:
    if isinstance(given, str):
        return given.replace(",", " ").split()
    items = given.items if isinstance(given, PyList) else given
    if not isinstance(items, tuple):
        return None
    names = [item[0] if isinstance(item, tuple) and len(item) == 2 else item for item in items]
    return names if all(isinstance(name, str) for name in names) else None
