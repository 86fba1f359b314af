"""Attributes of objects of which only the place is known: configs, parameters of a class of the project."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Poly, as_atom
from shapetypes.core.shape import Unknown
from shapetypes.static import calls, contracts, follow
from shapetypes.static.annotations import BadAnnotation
from shapetypes.static.engine import Frame
from shapetypes.static.modules import ClassInfo
from shapetypes.static.values import Alt, Bound, ClassRef, Func, Symbol, heap_key


def attribute(frame: Frame, owner: Symbol, name: str) -> Any:
    """An attribute of a config: a symbol of its own, or what the field of its class declares."""
    key = heap_key(owner, name)
    if key in frame.state.heap:
        return frame.state.heap[key]
    value = _symbol_attribute(frame, owner, name)
    if isinstance(value, Alt) and owner.info is not None:
        frame.state.heap[key] = value
    return value


def declares_int(frame: Frame, info: ClassInfo, name: str) -> bool:
    """Whether a class says of an attribute that it is a whole number."""
    for item in frame.names.lineage(info):
        if isinstance(item, ClassRef) and name in item.info.fields:
            try:
                return contracts.reader(frame, item.info).read(item.info.fields[name]).kind == "int"
            except BadAnnotation:
                return False
    return False


def _symbol_attribute(frame: Frame, owner: Symbol, name: str) -> Any:
    path = f"{owner.path}.{name}"
    if owner.info is not None:
        for item in frame.names.lineage(owner.info):
            if not isinstance(item, ClassRef):
                continue
            if name in item.info.methods:
                return _symbol_method(frame, owner, item.info, name)
            if name in item.info.fields:
                return _symbol_field(frame, owner, item.info, name, path)
    return Symbol(path, owner.owner)


def _symbol_method(frame: Frame, owner: Symbol, info: ClassInfo, name: str) -> Any:
    func = Func(info.methods[name], info.module, info, info.closure, f"{info.name}.{name}")
    if "property" in contracts.decorators(frame, func):
        return follow.call_project(frame, func.node, func, (owner,), {})
    return Bound(func, owner)


def _symbol_field(frame: Frame, owner: Symbol, info: ClassInfo, name: str, path: str) -> Any:
    try:
        contract = contracts.reader(frame, info).read(info.fields[name])
    except BadAnnotation:
        return Unknown("a bad annotation")
    if contract.kind == "int":
        return d.fixed(path, owner.owner)
    if contract.kind == "class":
        return Symbol(path, owner.owner, contract.what)
    if contract.kind == "any":
        return Symbol(path, owner.owner)
    if contract.kind == "union" and {p.kind for p in contract.parts} <= {"int", "none", "class"}:
        return Symbol(path, owner.owner, next((p.what for p in contract.parts if p.kind == "class"), None))
    return calls.declared_value(frame, contract, f"{owner.owner}:{owner.path}", name)


def fixed_int(value: Any) -> Poly | None:
    """An int that was given, where it is not known as a number."""
    if isinstance(value, Symbol):
        value = d.fixed(value.path, value.owner, "." not in value.path)
    a = as_atom(value) if isinstance(value, Poly) else None
    return value if a is not None and a.kind == d.FIXED else None
