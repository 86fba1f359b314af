"""A Sequential whose layers cannot follow each other is told where it is built, at the layer that does not fit."""

from __future__ import annotations

import ast
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.fault import Fault, ShapeError
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.apply import Layer
from shapetypes.static import calls
from shapetypes.static.engine import Frame
from shapetypes.static.modules import Module
from shapetypes.static.values import Modules

_ITERATES = frozenset({"enumerate", "filter", "iter", "list", "map", "reversed", "sum", "tuple", "zip"})

_PARTS = frozenset({"__getitem__", "_modules", "add_module", "append", "children", "extend", "insert", "modules"})
_PARTS |= {"named_children", "named_modules", "pop", "register_module"}


def fitting(frame: Frame, node: ast.AST, made: Modules) -> Modules:
    """The Sequential; one of unknown layers where they do not fit, which is told here, once.

    A Sequential whose layers are also reached one by one may never be called as a whole: of it nothing is told.
    """
    layers = made.items or ()
    if not layers or not all(isinstance(layer, (Layer, Modules)) for layer in layers):
        return made
    found = [_refused(frame, node, layers, x) for x in _inputs_of(layers[0])]
    if found[0] is None or None in found or _taken_apart(frame.module, node):
        return made
    fault, index = found[0]
    plain = isinstance(node, ast.Call) and not any(isinstance(a, ast.Starred) for a in node.args)
    at = node.args[index] if plain and isinstance(node, ast.Call) and index < len(node.args) else node
    frame.report(fault, at)
    return Modules(made.kind, None)


def _inputs_of(layer: Any) -> list[TensorSpec]:
    """What a layer may be called on, as far as its kind says: a layer over `2d` takes four axes, or three."""
    name = layer.stub.name if isinstance(layer, Layer) else ""
    if name[-2:] not in ("1d", "2d", "3d"):
        return [TensorSpec(None)]
    axes = int(name[-2])
    return [TensorSpec(tuple(d.unknown("an axis") for _ in range(n))) for n in (axes + 2, axes + 1)]


def _refused(frame: Frame, node: ast.AST, layers: tuple[Any, ...], x: Any) -> tuple[Fault, int] | None:
    """The fault of the first layer that does not take what the one before it gives, and which layer that is."""
    judge = frame.state.judge
    frame.state.judge = judge.fork()
    try:
        for index, layer in enumerate(layers):
            with frame.engine.capture():
                try:
                    x = calls.call_object(frame, node, layer, (x,), {})
                except ShapeError as error:
                    return (error.fault, index) if error.fault else None
            x = TensorSpec(None) if isinstance(x, Unknown) else x
    finally:
        frame.state.judge = judge
    return None


def _taken_apart(module: Module, node: ast.AST) -> bool:
    """Whether the module indexes or iterates over something with the name that this expression is assigned to."""
    names: set[str] = set()
    for statement in ast.walk(module.tree):
        if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement.value is None:
            continue
        if any(inner is node for inner in ast.walk(statement.value)):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names |= {_last_name(t) for t in targets}
    return not names or not names.isdisjoint(_reached_into(module))


def _reached_into(module: Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, (ast.Subscript, ast.Starred)):
            found.add(_last_name(node.value))
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
            found.add(_last_name(node.iter))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _ITERATES:
            found |= {_last_name(a) for a in node.args}
        elif isinstance(node, ast.Attribute) and node.attr in _PARTS:
            found.add(_last_name(node.value))
    return found


def _last_name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


__all__ = ["fitting"]
