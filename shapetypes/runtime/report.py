"""Errors for faults: the message, the place in the caller, and a traceback that ends with the user's own frame."""

from __future__ import annotations

import ast
import builtins
import copyreg
import functools
import linecache
import os
import sys
import types
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from shapetypes.core.fault import AnnotationError, Fault, Origin, Place, ShapeError
from shapetypes.core.shape import Unknown
from shapetypes.core.source import parse as parse_source
from shapetypes.runtime.scopes import place_at, points, user_frame


class ShapeWarning(UserWarning):
    """What would be an error, under `SHAPETYPES=warn`."""


def mode() -> str:
    """`on`, `warn` or `off`, from the environment."""
    text = os.environ.get("SHAPETYPES", "on").strip().lower()
    return {"0": "off", "false": "off", "no": "off", "warn": "warn", "off": "off"}.get(text, "on")


def error_for(
    fault: Fault,
    frame: types.FrameType | None,
    params: Sequence[Any] = (),
    warn: bool = False,
    at: Place | None = None,
) -> ShapeError | None:
    """The exception for a fault, or None after having warned of it.

    Args:
        fault: What does not fit.
        frame: The frame that called; the nearest one of the user's is shown.
        params: The parameters of the function in order (`name`, `kind`), to point at the argument.
        warn: Whether to warn instead.
        at: Where it stands, if not at the call.
    """
    from shapetypes.diagnose import render

    user = user_frame(frame) if frame is not None else None
    call = call_place(user) if user is not None else None
    place, spans = call, {}
    if user is not None and call is not None:
        spans = argument_places(user, call, params)
        place = at or spans.get(_argument(fault), call)
    fault = fault.but(origins=tuple(_placed(o, spans) for o in _kept(fault)))
    text = _ranked(render(fault, place))
    if not warn:
        error = error_class(plain_fault(fault))(text, plain_fault(fault))
        if "keras" in sys.modules:  # which makes errors anew with more text, unless they are marked as done
            error._keras_call_info_injected = True  # type: ignore[attr-defined]
        return error
    line = user.f_lineno if user is not None else 1
    file = user.f_code.co_filename if user is not None else "<unknown>"
    warnings.warn_explicit(ShapeWarning(text), None, file, line)
    return None


def annotation_error(fault: Fault, code: types.CodeType | None) -> AnnotationError:
    """The exception for an annotation that cannot be used, with the place of the function."""
    from shapetypes.diagnose import render

    place = None
    if code is not None:
        line = code.co_firstlineno
        while linecache.getline(code.co_filename, line).lstrip().startswith("@"):
            line += 1
        text = linecache.getline(code.co_filename, line)
        start = len(text) - len(text.lstrip()) + 1
        place = Place(code.co_filename, line, start, line, max(len(text.rstrip()) + 1, start + 1))
    return AnnotationError(render(fault, place), fault)


class _Carrier(type):
    """The metaclass of error classes that carry their fault through pickling."""


def error_class(fault: Fault) -> type[ShapeError]:
    """The class to raise: `ShapeError`, or a subclass that holds the fault where only class and text come through.

    A worker of torch's data loader sends home no more of an exception than these. Keras raises a new one of the same
    class with more text, and, where `fit` has to build a model, makes a RuntimeError of what is no ValueError.
    """
    data = sys.modules.get("torch.utils.data")
    worker = data is not None and data.get_worker_info() is not None
    keras = "keras" in sys.modules
    return _carrying(fault, keras) if worker or keras else ShapeError


@lru_cache(maxsize=64)
def _carrying(fault: Fault, keras: bool = False) -> type[ShapeError]:
    names = {"fault": fault, "__module__": ShapeError.__module__, "__doc__": ShapeError.__doc__}
    made: Any = _Carrier("ShapeError", (ShapeError, ValueError) if keras else (ShapeError,), names)
    return made  # type: ignore[no-any-return]


def _reduce_carrier(cls: Any) -> tuple[Any, ...]:
    return _carrying, (cls.fault, issubclass(cls, ValueError))


copyreg.pickle(_Carrier, _reduce_carrier)


def _argument(fault: Fault) -> str:
    return (fault.argument or "").partition("[")[0].partition(".")[0]


def _kept(fault: Fault) -> list[Origin]:
    """Each origin once."""
    return list(dict.fromkeys(fault.origins))


def _placed(origin: Origin, spans: dict[str, Place]) -> Origin:
    if origin.place is not None or origin.what != "argument":
        return origin
    at = spans.get(origin.name.partition("[")[0].partition(".")[0])
    return Origin(origin.what, origin.name, origin.size, origin.axis, at, origin.dim)


def _ranked(text: str) -> str:
    """In a distributed program the first line says on which rank."""
    rank = os.environ.get("RANK") if "WORLD_SIZE" in os.environ else None
    if rank is None:
        return text
    first, *rest = text.split("\n")
    return "\n".join([f"{first} [rank {rank}]", *rest])


def plain_fault(fault: Fault) -> Fault:
    """The fault without symbolic sizes that only mean "unknown", so that it pickles small and compares by value."""

    def plain(value: Any) -> Any:
        return Unknown() if isinstance(value, Unknown) else value

    return fault.but(got=plain(fault.got), want=plain(fault.want))


# -- the place of the call --------------------------------------------------------------------------------------------


def call_place(frame: types.FrameType) -> Place:
    """The span of the expression that a frame is evaluating."""
    return place_at(frame.f_code, frame.f_lasti, frame.f_lineno)


def argument_places(frame: types.FrameType, call: Place, params: Sequence[Any]) -> dict[str, Place]:
    """The span of each argument in the call that a frame is making, by parameter name."""
    node = _call_at(frame, call)
    if node is None or _passes_on(frame, node.func):
        return {}
    positional = [p.name for p in params if p.kind in (p.kind.POSITIONAL_ONLY, p.kind.POSITIONAL_OR_KEYWORD)]
    if positional and positional[0] in ("self", "cls"):
        positional = positional[1:]
    out: dict[str, Place] = {}
    for name, arg in zip(positional, node.args, strict=False):
        if isinstance(arg, ast.Starred):
            break
        out[name] = span(frame.f_code.co_filename, arg)
    for keyword in node.keywords:
        if keyword.arg:
            out[keyword.arg] = span(frame.f_code.co_filename, keyword.value)
    return out


def return_place(code: types.CodeType, result: object) -> Place | None:
    """Where a function has returned: at its `return` if it has one, else at its result annotation or first line.

    None where there is no source.
    """
    tree = _definition(code)
    if tree is None:
        return None
    file = code.co_filename
    if isinstance(tree, ast.Lambda):
        return span(file, tree.body)
    found = [node for node in _own_nodes(tree) if isinstance(node, ast.Return)]
    if len(found) == 1 and found[0].value is not None and result is not None:
        return span(file, found[0].value)
    if tree.returns is not None:
        return span(file, tree.returns)
    start = points(file, tree.lineno, tree.col_offset)
    return Place(file, tree.lineno, start, tree.lineno, len(linecache.getline(file, tree.lineno).rstrip()) + 1)


def _definition(code: types.CodeType) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | None:
    try:
        tree = _tree("".join(linecache.getlines(code.co_filename)))
    except (SyntaxError, ValueError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Lambda) and code.co_name == "<lambda>" and node.lineno == code.co_firstlineno:
            return node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == code.co_name:
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            if first == code.co_firstlineno:
                return node
    return None


def _own_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node of a function but those of functions and classes in it."""
    for node in ast.iter_child_nodes(tree):
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            yield from _own_nodes(node)


def _passes_on(frame: types.FrameType, called: ast.expr) -> bool:
    """Whether what is called surely is something else, such as `map` or `checkpoint`, with arguments of its own."""
    found = _named(frame, called)
    if isinstance(found, functools.partial):
        return True
    plain = isinstance(found, (type, types.FunctionType, types.BuiltinFunctionType))
    home = (getattr(found, "__module__", None) or "").partition(".")[0]
    return plain and (home in sys.stdlib_module_names or home in ("torch", "keras", "tensorflow", "jax"))


def _named(frame: types.FrameType, node: ast.expr) -> Any:
    """What a name, or a dotted one that goes through modules, stands for; None for anything else."""
    if isinstance(node, ast.Attribute):
        home = _named(frame, node.value)
        return vars(home).get(node.attr) if isinstance(home, types.ModuleType) else None
    names: dict[str, Any] = {**vars(builtins), **frame.f_globals, **frame.f_locals}
    return names.get(node.id) if isinstance(node, ast.Name) else None


def argument_text(frame: types.FrameType, call: Place) -> str:
    """The source of the first argument of the call that a frame is making, if it is short."""
    node = _call_at(frame, call)
    text = ast.unparse(node.args[0]) if node is not None and node.args else ""
    return text if len(text) <= 40 and "\n" not in text else ""


@lru_cache(maxsize=8)
def _tree(source: str) -> ast.Module:
    return parse_source(source)


def _call_at(frame: types.FrameType, call: Place) -> ast.Call | None:
    file = frame.f_code.co_filename
    source = "".join(linecache.getlines(file, frame.f_globals))
    try:
        tree = _tree(source)
    except (SyntaxError, ValueError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.lineno == call.line and span(file, node) == call:
            return node
    return None


def span(file: str, node: ast.expr) -> Place:
    """Where an expression stands in its file."""
    end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return Place(
        file, node.lineno, points(file, node.lineno, node.col_offset), end_line, points(file, end_line, end_column)
    )
