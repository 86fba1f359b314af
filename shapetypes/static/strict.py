"""What `--strict` adds: sizes that code requires and no annotation states, and public functions without annotations."""

from __future__ import annotations

import ast
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import RIGID, UNKNOWN
from shapetypes.core.fault import Diagnostic, Fault, Origin, Place
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.reader import Type
from shapetypes.ops.stubs import Function
from shapetypes.static import follow
from shapetypes.static.annotations import place_of
from shapetypes.static.contracts import all_args, defaults
from shapetypes.static.engine import Frame
from shapetypes.static.values import Func, PyList, options


def report(frame: Frame, func: Func) -> None:
    """Report what a function that has been judged by itself leaves unsaid."""
    _requirements(frame, func)
    if func.closure is None and _is_public(func) and not follow.is_trivial(func.node):
        _unannotated(frame, func)


def _requirements(frame: Frame, func: Func) -> None:
    """Names that are the same size at every end of the function, because an operation or condition needs it."""
    ends = [state.judge for _, state, _ in frame.returns]
    if not frame.state.dead:
        ends.append(frame.state.judge)
    for found, size in ends[0].known.items() if ends else ():
        origin = ends[0].origins.get(found)
        if found.kind != RIGID or found.owner != frame.owner or origin is None or not _comes_from_code(origin):
            continue
        if any(end.known.get(found) != size for end in ends[1:]):
            continue
        if any(a.kind == UNKNOWN or a.name == found.name for a in d.atoms_of(size)):
            continue
        fault = Fault("unstated-size", "requires", f"{func.name}()", name=found.name, want=size, origins=(origin,))
        at = origin.place if origin.place is not None and origin.place.file == frame.module.path else None
        frame.engine.add(Diagnostic(fault, at or _name_place(func), "note"))


def _comes_from_code(origin: Origin) -> bool:
    return origin.what in ("identified", "condition", "call")


def _unannotated(frame: Frame, func: Func) -> None:
    """Parameters that are used as tensors, and tensors that are returned, without an annotation."""
    node = func.node
    assert not isinstance(node, ast.Lambda)
    numbers = {name for name, default in defaults(node).items() if getattr(default, "value", None) is not None}
    bare = {arg.arg for arg in all_args(node) if arg.annotation is None} - numbers
    takes = tuple(arg.arg for arg in all_args(node) if arg.arg in bare and arg.arg in frame.used_as_tensor)
    returns = node.returns is None and any(_is_tensor(value) for value, _, _ in frame.returns)
    if takes or returns:
        fault = Fault("unannotated", "unannotated", f"{func.name}()", got=takes, want=returns)
        frame.engine.add(Diagnostic(fault, _name_place(func), "warning"))


def _is_tensor(value: Any) -> bool:
    for _, option in options(value):
        items = option.items or () if isinstance(option, PyList) else option if isinstance(option, tuple) else (option,)
        if any(isinstance(item, TensorSpec) for item in items):
            return True
    return False


def _is_public(func: Func) -> bool:
    name = func.name.rpartition(".")[2]
    hidden = name.startswith("_") and name != "__call__"
    return not hidden and not (func.owner is not None and func.owner.name.startswith("_"))


def _name_place(func: Func) -> Place:
    """Where the name of a function stands in its definition."""
    node = func.node
    whole = place_of(func.module, node)
    line = func.module.lines[whole.line - 1] if whole.line <= len(func.module.lines) else ""
    name = func.name.rpartition(".")[2]
    column = line.find(name, whole.column) + 1
    if not column:
        return Place(whole.file, whole.line, whole.column, whole.line, whole.column + 1)
    return Place(whole.file, whole.line, column, whole.line, column + len(name))


def note_use(frame: Frame, function: Function, args: tuple[Any, ...], skipped: int) -> None:
    """Remember which parameters of the function being judged are passed where an op takes a tensor.

    Args:
        frame: The function being judged.
        function: The op.
        args: Its positional arguments.
        skipped: How many of its parameters come before them.
    """
    params = function.signatures[0].params
    for i, value in enumerate(args, skipped):
        if isinstance(value, Unknown) and i < len(params) and _takes_tensor(params[i].type):
            frame.used_as_tensor.update(name for name, given in frame.given.items() if given is value)


def _takes_tensor(kind: Type) -> bool:
    members = kind[1] if kind[0] == "union" else (kind,)
    return any(k[0] == "tensor" for k in members)
