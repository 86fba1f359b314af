"""Lists and containers of layers that a loop of unknown length fills: one item stands for all that it appends."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from shapetypes.core.shape import Unknown
from shapetypes.static import objects
from shapetypes.static.join import State, generalise
from shapetypes.static.values import Modules, PyList, options

Slot: TypeAlias = tuple[bool, Any]
"""Where a state keeps a value: whether that is the heap, and the key there."""


@dataclass(slots=True)
class Growing:
    """A list to which each turn of a loop appends.

    Attributes:
        before: Its value before the loop.
        blank: What stands for it at the beginning of each turn: an empty one.
        slots: The names and attributes that hold it.
        each: How many items each turn appends.
        item: One that stands for all that were appended; None before a turn has come to its end.
    """

    before: Any
    blank: Any
    slots: list[Slot]
    each: int
    item: Any = None
    made: dict[Any, Any] = field(default_factory=dict)


def found(state: State, body: list[ast.stmt]) -> list[Growing]:
    """The lists that a loop's body appends to, each by statements of its own, and does not touch otherwise.

    In `state` a blank one takes the place of each.
    """
    out = []
    for owner, each in _appended(body):
        key = _slot(state, owner)
        value = None if key is None else _table(state, key).get(key[1])
        if isinstance(value, PyList) and not value.is_list:
            continue
        if not isinstance(value, PyList) and not (isinstance(value, Modules) and value.kind == "ModuleList"):
            continue
        blank = PyList(()) if isinstance(value, PyList) else Modules(value.kind, ())
        state.replace(value, blank)
        slots = [(heap, k) for heap in (False, True) for k, v in _table(state, (heap, "")).items() if v is blank]
        out.append(Growing(value, blank, slots, each))
    return out


def _appended(body: list[ast.stmt]) -> Iterator[tuple[ast.expr, int]]:
    """The lists, each with how many items a turn appends."""
    steps = [step for step in map(_step, body) if step is not None]
    for text in dict.fromkeys(ast.unparse(owner) for owner, _ in steps):
        same = [(owner, n) for owner, n in steps if ast.unparse(owner) == text]
        owner = same[0][0]
        if len(same) == sum(_names(node, owner) for s in body for node in ast.walk(s)):
            yield owner, sum(n for _, n in same)


def _step(node: ast.stmt) -> tuple[ast.expr, int] | None:
    """What `x.append(v)`, `x.extend([v, w])` and `x += [v]` append to, and how many items."""
    owner: ast.expr
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
        owner, given, many = node.target, node.value, True
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
        call, method = node.value, node.value.func
        if method.attr not in ("append", "extend") or len(call.args) != 1 or call.keywords:
            return None
        owner, given, many = method.value, call.args[0], method.attr == "extend"
    else:
        return None
    if not isinstance(owner, (ast.Name, ast.Attribute)):
        return None
    if not many:
        return owner, 1
    if not isinstance(given, (ast.List, ast.Tuple)) or any(isinstance(v, ast.Starred) for v in given.elts):
        return None
    return owner, len(given.elts)


def _names(node: ast.AST, owner: ast.expr) -> bool:
    """Whether a node may be the same list: the same name, or an attribute of the same name."""
    if isinstance(owner, ast.Name):
        return isinstance(node, ast.Name) and node.id == owner.id
    return isinstance(node, ast.Attribute) and isinstance(owner, ast.Attribute) and node.attr == owner.attr


def _slot(state: State, owner: ast.expr) -> Slot | None:
    if isinstance(owner, ast.Name):
        return (False, owner.id)
    if isinstance(owner, ast.Attribute) and isinstance(owner.value, ast.Name):
        held = getattr(state.env.get(owner.value.id), "id", None)
        return None if held is None else (True, (held, owner.attr))
    return None


def _table(state: State, slot: Slot) -> dict[Any, Any]:
    return state.heap if slot[0] else state.env


def emptied(lists: list[Growing], state: State) -> None:
    """Put the blank ones back at the end of a turn: what was appended is no change that needs another turn."""
    for one in lists:
        for slot in one.slots:
            table = _table(state, slot)
            if isinstance(table.get(slot[1]), type(one.blank)):
                table[slot[1]] = one.blank


def take(lists: list[Growing], start: State, end: State) -> None:
    """Keep what a general turn has appended, with the attributes of the objects that it made."""
    made = {k[0] for k in end.heap if k[1] == objects.MADE and k not in start.heap}
    for one in lists:
        value = _table(end, one.slots[0]).get(one.slots[0][1])
        if isinstance(value, type(one.blank)) and value is not one.blank:
            one.item = _one(value.items if value.items is not None else (value.element,))
            one.made = {k: v for k, v in end.heap.items() if k[0] in made}


def _one(items: tuple[Any, ...]) -> Any:
    out = None
    for value in (o for item in items for _, o in options(item)):
        out = value if out is None else generalise(out, value)
    return out


def fill(lists: list[Growing], state: State, turns: Any) -> None:
    """The lists after the loop.

    Args:
        lists: Those that it fills.
        state: The path behind the loop.
        turns: How many turns it takes; None where that is not known.
    """
    for one in lists:
        before = one.before
        items = before.items if before.items is not None else (before.element,)
        item = _one((*items, one.item)) if one.item is not None else Unknown("an item")
        had = len(before.items) if before.items is not None else before.count
        count = None if turns is None or had is None else had + one.each * turns
        value = PyList(None, item, count=count)
        state.heap.update(one.made)
        state.replace(one.blank, value if isinstance(before, PyList) else Modules(before.kind, None, None, item, count))
