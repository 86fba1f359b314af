"""What a call changes in place: the lists and dicts that it is given, and attributes that hooks assign."""

from __future__ import annotations

import ast
from typing import Any

from shapetypes.core.shape import Unknown
from shapetypes.static.engine import Frame
from shapetypes.static.modules import ClassInfo
from shapetypes.static.values import Func, PyDict, PyList


def opened(value: Any) -> Any:
    """A list or dict of which it is not known what a function has put into it."""
    why = Unknown("a function may have changed it")
    return PyList(None, why, value.is_list) if isinstance(value, PyList) else PyDict(None, why)


_CHANGES = frozenset(
    {"append", "extend", "insert", "pop", "remove", "clear", "update", "setdefault", "sort", "reverse"}
)


def writes(func: Func) -> tuple[frozenset[str], frozenset[str]]:
    """The names that a function assigns, and those whose value it changes in place; remembered at its node."""
    known: tuple[frozenset[str], frozenset[str]] | None = getattr(func.node, "shapetypes_writes", None)
    if known is None:
        assigned, changed = set(), set()
        for node in ast.walk(func.node):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                assigned.add(node.id)
            owner: ast.expr | None = None
            if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                owner = node.value
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGES:
                owner = node.func.value
            if isinstance(owner, ast.Name):
                changed.add(owner.id)
        known = frozenset(assigned), frozenset(changed)
        func.node.shapetypes_writes = known  # type: ignore[union-attr]
    return known


def forget_changed(frame: Frame, func: Func, bound: dict[str, Any]) -> None:
    """The lists and dicts that a call which is not followed may change are open from here on."""
    held = [(name, value) for name, value in bound.items() if isinstance(value, (PyList, PyDict))]
    for name, value in held:
        if name in writes(func)[1]:
            frame.state.replace(value, opened(value))


def by_hooks(info: ClassInfo) -> frozenset[str]:
    """The attributes that a method assigns which the class registers as a hook; remembered at its node.

    When a hook runs cannot be seen: it is other code that calls it.
    """
    known: frozenset[str] | None = getattr(info.node, "shapetypes_by_hooks", None)
    if known is None:
        hooks = {name for call in _calls(info.node) if "hook" in ast.unparse(call.func) for name in _methods_in(call)}
        bodies = [info.methods[name] for name in hooks if name in info.methods]
        known = frozenset(n.attr for body in bodies for n in ast.walk(body) if _is_own_store(n))  # type: ignore[attr-defined]
        info.node.shapetypes_by_hooks = known  # type: ignore[attr-defined]
    return known


def _calls(node: ast.AST) -> list[ast.Call]:
    return [n for n in ast.walk(node) if isinstance(n, ast.Call)]


def _methods_in(call: ast.Call) -> list[str]:
    given = [*call.args, *(k.value for k in call.keywords)]
    return [a.attr for a in given if isinstance(a, ast.Attribute) and isinstance(a.value, ast.Name)]


def _is_own_store(node: ast.AST) -> bool:
    """Whether this is the target of `self.name = ...`."""
    return isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name)
