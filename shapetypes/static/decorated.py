"""Functions behind a decorator of the project: what is called is what the decorator makes of them."""

from __future__ import annotations

import ast
import copy
from dataclasses import replace
from typing import Any

from shapetypes.static import calls, expressions as ex, follow
from shapetypes.static.annotations import place_of
from shapetypes.static.contracts import TRANSPARENT
from shapetypes.static.engine import DEPTH, Frame
from shapetypes.static.values import Func


def call(frame: Frame, node: ast.AST, func: Func, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any] | None:
    """Call what a decorator makes of a function; None where that is not known.

    What the function itself then refuses is told at the call, as it would be without the decorator.
    """
    instead = _made(frame, node, func)
    if instead is None:
        return None
    with frame.engine.capture() as found:
        value = follow.call_project(frame, node, instead, args, kwargs)
    place = place_of(frame.module, node)
    for told in found:
        if told.fault.subject == f"{func.name}()" and told.fault.argument != "return":
            notes = tuple(n for n in told.notes if n.place != place)
            told = replace(told, place=place, notes=notes)
        frame.engine.add(told)
    return (value,)


def _made(frame: Frame, node: ast.AST, func: Func) -> Func | None:
    """The function that one decorator of the project, the outermost, puts in the place of another; None if unsure.

    Only plain functions at the top level of a module are looked at: what a decorator makes of a method is bound anew.
    """
    if func.owner is not None or func.closure is not None or not isinstance(func.node, ast.FunctionDef):
        return None
    if len(frame.chain) >= DEPTH or not func.node.decorator_list:
        return None
    first, *rest = func.node.decorator_list
    head = first.func if isinstance(first, ast.Call) else first
    maker = frame.names.static(head, func.module, None)
    if not isinstance(maker, Func) or maker.node is func.node or any(_last(d) not in TRANSPARENT for d in rest):
        return None
    if isinstance(first, ast.Call):
        maker = ex.resolve(frame, ("expr", func.module, first), func.name)
    if not isinstance(maker, Func):
        return None
    found = calls.call_value(frame, node, maker, (_bare(frame, func),), {})
    return found if isinstance(found, Func) else None


def _bare(frame: Frame, func: Func) -> Func:
    """The function without its outermost decorator; the same each time."""
    kept = frame.engine.undecorated.get(id(func.node))
    if kept is None:
        assert isinstance(func.node, ast.FunctionDef)
        node = copy.copy(func.node)
        node.decorator_list = node.decorator_list[1:]
        kept = frame.engine.undecorated[id(func.node)] = (func.node, Func(node, func.module, None, None, func.name))
    return kept[1]


def _last(node: ast.expr) -> str:
    head = node.func if isinstance(node, ast.Call) else node
    return head.attr if isinstance(head, ast.Attribute) else getattr(head, "id", "")


__all__ = ["call"]
