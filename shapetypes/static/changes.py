"""What a call changes in place: the lists and dicts that it is given, and attributes that hooks assign."""

from __future__ import annotations

import ast
from typing import Any

from shapetypes.core.shape import Unknown
from shapetypes.static.engine import Frame
from shapetypes.static.modules import ClassInfo
from shapetypes.static.values import ClassRef, Func, Obj, PyDict, PyList


def opened(value: Any) -> Any:
    """A list or dict of which it is not known what a function has put into it."""
    why = Unknown("a function may have changed it")
    return PyList(None, why, value.is_list) if isinstance(value, PyList) else PyDict(None, why)


_CHANGES = frozenset(
    {"append", "extend", "insert", "pop", "remove", "clear", "update", "setdefault", "sort", "reverse"}
)


def writes(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> tuple[frozenset[str], frozenset[str]]:
    """The names that a function assigns, and those whose value it changes in place; remembered at its node."""
    known: tuple[frozenset[str], frozenset[str]] | None = getattr(function, "shapetypes_writes", None)
    if known is None:
        assigned, changed = set(), set()
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                assigned.add(node.id)
            owner = _changed(node)
            if isinstance(owner, ast.Name):
                changed.add(owner.id)
        known = frozenset(assigned), frozenset(changed)
        function.shapetypes_writes = known  # type: ignore[union-attr]
    return known


def _changed(node: ast.AST) -> ast.expr | None:
    """What a step changes in place: of `x[i] = y` and `x.append(y)` it is `x`."""
    if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
        return node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGES:
        return node.func.value
    return None


def forget_changed(frame: Frame, func: Func, bound: dict[str, Any]) -> None:
    """The lists and dicts that a call which is not followed may change are open from here on."""
    held = [(name, value) for name, value in bound.items() if isinstance(value, (PyList, PyDict))]
    for name, value in held:
        if name in writes(func.node)[1]:
            frame.state.replace(value, opened(value))


def by_nested(frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """The lists and dicts around a nested function that it may change: it can be called at any time from here on."""
    assigned, changed = writes(node)
    own = {arg.arg for arg in ast.walk(node.args) if isinstance(arg, ast.arg)}
    for name in changed - assigned - own:
        value = frame.state.env.get(name)
        if isinstance(value, (PyList, PyDict)):
            frame.state.replace(value, opened(value))


def in_place(info: ClassInfo) -> frozenset[str]:
    """The attributes whose values methods other than `__init__` change in place; remembered at the class's node."""
    known: frozenset[str] | None = getattr(info.node, "shapetypes_in_place", None)
    if known is None:
        bodies = [body for name, body in info.methods.items() if name != "__init__"]
        parts = [info.module.inside(body, kind) for body in bodies for kind in (ast.Call, ast.Subscript)]
        changed = [_changed(node) for nodes in parts for node in nodes]
        known = frozenset(owner.attr for owner in changed if isinstance(owner, ast.Attribute) and _is_own(owner))
        info.node.shapetypes_in_place = known  # type: ignore[attr-defined]
    return known


def handed_out(frame: Frame, info: ClassInfo) -> set[str]:
    """The attributes of `self` that are given to objects of a class whose methods change what they hold."""
    from shapetypes.static import expressions as ex

    calls: list[tuple[ast.Name, set[str]]] | None = getattr(info.node, "shapetypes_handed", None)
    if calls is None:
        found = [
            (c.func, {a.attr for a in _given(c) if isinstance(a, ast.Attribute) and _is_own(a)})
            for c in _calls(info)
        ]
        calls = [(func, names) for func, names in found if names and isinstance(func, ast.Name)]
        info.node.shapetypes_handed = calls  # type: ignore[attr-defined]
    made = [(ex.evaluate(frame, func), names) for func, names in calls]
    return {name for value, names in made if isinstance(value, ClassRef) and in_place(value.info) for name in names}


def open_attributes(frame: Frame, obj: Obj) -> None:
    """What an object's lists and dicts hold is not known when its methods run at any time, nor those of others."""
    infos = [item.info for item in frame.names.lineage(obj.info) if isinstance(item, ClassRef)]
    for name in {name for info in infos for name in in_place(info) | handed_out(frame, info)}:
        value = frame.state.heap.get((obj.id, name))
        if isinstance(value, (PyList, PyDict)):
            frame.state.heap[(obj.id, name)] = opened(value)


def by_hooks(info: ClassInfo) -> frozenset[str]:
    """The attributes that a method assigns which the class registers as a hook; remembered at its node.

    When a hook runs cannot be seen: it is other code that calls it.
    """
    known: frozenset[str] | None = getattr(info.node, "shapetypes_by_hooks", None)
    if known is None:
        calls = _calls(info) if "hook" in info.module.source else []
        hooks = {name for call in calls if "hook" in ast.unparse(call.func) for name in _methods_in(call)}
        bodies = [info.methods[name] for name in hooks if name in info.methods]
        stores = [n for body in bodies for n in info.module.inside(body, ast.Attribute) if _is_own_store(n)]
        known = frozenset(n.attr for n in stores)
        info.node.shapetypes_by_hooks = known  # type: ignore[attr-defined]
    return known


def _calls(info: ClassInfo) -> list[ast.Call]:
    return info.module.inside(info.node, ast.Call)


def _methods_in(call: ast.Call) -> list[str]:
    return [a.attr for a in _given(call) if isinstance(a, ast.Attribute) and isinstance(a.value, ast.Name)]


def _given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(k.value for k in call.keywords)]


def _is_own(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "self"


def _is_own_store(node: ast.Attribute) -> bool:
    """Whether this is the target of `self.name = ...`."""
    return isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name)
