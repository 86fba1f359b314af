"""What a call changes in place: the lists and dicts that it is given, and attributes that hooks assign."""

from __future__ import annotations

import ast
from typing import Any

from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.apply import Layer
from shapetypes.static.engine import Frame
from shapetypes.static.join import State
from shapetypes.static.modules import ClassInfo, Module, changed_by
from shapetypes.static.values import Bound, ClassRef, Func, Modules, Obj, PyDict, PyList


def opened(value: Any) -> Any:
    """A list or dict of which it is not known what a function has put into it."""
    why = Unknown("a function may have changed it")
    if isinstance(value, Modules):
        return Modules(value.kind, None)
    return PyList(None, why, value.is_list) if isinstance(value, PyList) else PyDict(None, why)


def writes(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> tuple[frozenset[str], frozenset[str]]:
    """The names that a function assigns, and those whose value it changes in place; remembered at its node."""
    known: tuple[frozenset[str], frozenset[str]] | None = getattr(function, "shapetypes_writes", None)
    if known is None:
        assigned, changed = set(), set()
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                assigned.add(node.id)
            owner = changed_by(node)
            if isinstance(owner, ast.Name):
                changed.add(owner.id)
        known = frozenset(assigned), frozenset(changed)
        function.shapetypes_writes = known  # type: ignore[union-attr]
    return known


RESHAPES_IN_PLACE = frozenset(
    {"squeeze_", "unsqueeze_", "t_", "transpose_", "swapaxes_", "swapdims_", "resize_", "resize_as_", "set_"}
)


def reshaped(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> frozenset[str]:
    """The names of tensors whose shape a function may change in place; remembered at its node."""
    known: frozenset[str] | None = getattr(function, "shapetypes_reshaped", None)
    if known is None:
        steps = [n for n in ast.walk(function) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)]
        found = [n for n in steps if n.attr in RESHAPES_IN_PLACE or (n.attr == "data" and isinstance(n.ctx, ast.Store))]
        known = frozenset(n.value.id for n in found if isinstance(n.value, ast.Name))
        function.shapetypes_reshaped = known  # type: ignore[union-attr]
    return known


def reshaped_on(info: ClassInfo, method: ast.AST) -> set[str]:
    """The attributes whose shape a method may change in place, by a method of the tensor or as an `out=`."""
    out = {k.value for call in info.module.inside(method, ast.Call) for k in call.keywords if k.arg == "out"}
    steps = info.module.inside(method, ast.Attribute)
    out.update(n.value for n in steps if n.attr in RESHAPES_IN_PLACE)
    out.update(n.value for n in steps if n.attr == "data" and isinstance(n.ctx, ast.Store))
    return {n.attr for n in out if isinstance(n, ast.Attribute) and _is_own(n)}


def hand_back(frame: Frame, state: State, func: Func, bound: dict[str, Any]) -> None:
    """The caller goes on with what a followed call has made of its arguments in place."""
    for name, value in bound.items():
        now = state.env.get(name, value)
        if now is value:
            continue
        renamed = name in writes(func.node)[0]
        if isinstance(value, (PyList, PyDict)):
            frame.state.replace(value, opened(value) if renamed else now)
        elif isinstance(value, TensorSpec) and name in reshaped(func.node):
            frame.state.replace(value, TensorSpec(None, library=value.library) if renamed else now)
        elif isinstance(value, (Layer, Modules)) and _may_change(func, name):
            frame.state.replace(value, Unknown("a function may have changed it") if renamed else now)


def _may_change(func: Func, name: str) -> bool:
    """Whether a function assigns an attribute of what it is given under a name, or changes it in place."""
    return bool(_done_to(func.node, name)[0]) or name in writes(func.node)[1]


def outermost(frame: Frame) -> Module:
    """The module being checked."""
    return frame.chain[0].frame.module if frame.chain else frame.module


def patched(frame: Frame) -> frozenset[str]:
    """Names of methods that the module being checked assigns on other objects."""
    return outermost(frame).patched


def may_be_replaced(frame: Frame, func: Func) -> bool:
    """Whether the module being checked may put something else in the place of a function or method."""
    names = outermost(frame).mocked if func.owner is None else patched(frame)
    return func.name.rpartition(".")[2] in names


def forget_changed(frame: Frame, func: Func, bound: dict[str, Any], args: tuple[Any, ...] = ()) -> None:
    """What a call that is not followed may change is open from here on: lists, dicts, attributes of objects.

    Args:
        frame: Where the call stands.
        func: What is called.
        bound: The arguments by name.
        args: The arguments as they stand, of which the first is known even where they do not fit the signature.
    """
    first = next((arg.arg for arg in func.node.args.posonlyargs + func.node.args.args), None)
    if not bound and first is not None and args:
        bound = {first: args[0]}
    for name, value in bound.items():
        if isinstance(value, (PyList, PyDict)) and name in writes(func.node)[1]:
            frame.state.replace(value, opened(value))
        elif isinstance(value, Obj):
            _forget_attributes(frame, value, _assigned_on(frame, value, func, name, set()))
        elif isinstance(value, TensorSpec) and name in reshaped(func.node):
            frame.state.replace(value, TensorSpec(None, library=value.library))
        elif isinstance(value, (Layer, Modules)) and _may_change(func, name):
            frame.state.replace(value, Unknown("a function may have changed it"))


def by_callbacks(frame: Frame, given: list[Any]) -> None:
    """What functions change that are given to a call of which nothing is known: it may run them, now or later."""
    for value in given:
        if isinstance(value, Bound):
            forget_changed(frame, value.func, {}, (value.self,))
        elif isinstance(value, Func):
            if value.closure is not None:
                by_nested(frame, value.node)
            around = {**(value.closure or {}), **frame.state.env}
            held = {name: v for name, v in around.items() if isinstance(v, Obj)}
            forget_changed(frame, value, held)
            for arg in value.node.args.args:
                for name in _done_to(value.node, arg.arg)[0]:
                    of_some_object(frame, name)


def of_some_object(frame: Frame, name: str) -> None:
    """An object of which nothing is known gets another attribute: any module may be that object."""
    for key, value in list(frame.state.heap.items()):
        if key[1] == name and isinstance(value, (Layer, Modules, Obj)):
            frame.state.heap[key] = Unknown("assigned on an object that is not known")


ANY_ATTRIBUTE = "*"


def _forget_attributes(frame: Frame, obj: Obj, names: set[str]) -> None:
    for key in [k for k in frame.state.heap if k[0] == obj.id]:
        if key[1] in names or (ANY_ATTRIBUTE in names and not key[1].startswith("\0")):
            frame.state.heap[key] = Unknown("a call may have changed it")


def _assigned_on(frame: Frame, obj: Obj, func: Func, name: str, seen: set[ast.AST]) -> set[str]:
    """The attributes of a parameter that a function assigns or changes in place, and those that methods of it do."""
    if func.node in seen:
        return set()
    seen.add(func.node)
    assigned, called = _done_to(func.node, name)
    out = set(assigned)
    for method in called:
        found = frame.names.method(obj.info, method)
        if isinstance(found, Func) and (found.node.args.posonlyargs or found.node.args.args):
            own = (found.node.args.posonlyargs + found.node.args.args)[0].arg
            out |= _assigned_on(frame, obj, found, own, seen)
    return out


def _done_to(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, name: str) -> tuple[set[str], set[str]]:
    """The attributes of a name that a function assigns or changes in place, and the methods it calls; remembered."""
    kept: dict[str, tuple[set[str], set[str]]] | None = getattr(function, "shapetypes_done_to", None)
    if kept is None:
        kept = {}
        for node in ast.walk(function):
            owner, attribute, called = _touched(node)
            if owner is not None:
                kept.setdefault(owner, (set(), set()))[called].add(attribute)
        function.shapetypes_done_to = kept  # type: ignore[union-attr]
    return kept.get(name, (set(), set()))


def _touched(node: ast.AST) -> tuple[str | None, str, bool]:
    """The name that a step does something to, the attribute, and whether that is only called."""
    target = node if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load) else changed_by(node)
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        return target.value.id, target.attr, False
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return node.func.value.id, node.func.attr, True
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("setattr", "delattr") and len(node.args) > 1:
        key = node.args[1]
        known = isinstance(key, ast.Constant) and isinstance(key.value, str)
        if isinstance(node.args[0], ast.Name):
            return node.args[0].id, str(getattr(key, "value", "")) if known else ANY_ATTRIBUTE, False
    return None, "", False


def rebound(node: ast.AST) -> frozenset[str]:
    """The names around a function that it assigns, as it or one inside declares them `nonlocal`; remembered."""
    known: frozenset[str] | None = getattr(node, "shapetypes_rebound", None)
    if known is None:
        known = frozenset(name for n in ast.walk(node) if isinstance(n, ast.Nonlocal) for name in n.names)
        node.shapetypes_rebound = known  # type: ignore[attr-defined]
    return known


def by_nested(frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
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
        changed = [changed_by(node) for nodes in parts for node in nodes]
        known = frozenset(owner.attr for owner in changed if isinstance(owner, ast.Attribute) and _is_own(owner))
        info.node.shapetypes_in_place = known  # type: ignore[attr-defined]
    return known


def handed_out(frame: Frame, info: ClassInfo) -> set[str]:
    """The attributes of `self` that are given to objects of a class whose methods change what they hold."""
    from shapetypes.static import expressions as ex

    calls: list[tuple[ast.Name, set[str]]] | None = getattr(info.node, "shapetypes_handed", None)
    if calls is None:
        found = [
            (c.func, {a.attr for a in _given(c) if isinstance(a, ast.Attribute) and _is_own(a)}) for c in _calls(info)
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
