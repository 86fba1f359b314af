"""Evaluating annotations: strings, forward references, local aliases, names imported for type checkers only."""

from __future__ import annotations

import ast
import builtins
import functools
import importlib
import inspect
import re
import sys
import types
import typing
from collections.abc import Callable, Iterator
from typing import Any

from shapetypes.core.fault import AnnotationError, Fault
from shapetypes.core.parse import parse_axes
from shapetypes.core.source import parse as parse_source

FUNCTIONS = (
    types.FunctionType,
    types.BuiltinFunctionType,
    property,
    staticmethod,
    classmethod,
    functools.cached_property,
)
"""What a name in an annotation cannot mean."""

_NAME = re.compile(r"name '([^']+)' is not defined")


class Pending(Exception):
    """A name in an annotation does not exist yet; it may by the first call."""

    def __init__(self, annotation: str, name: str) -> None:
        super().__init__(annotation, name)
        self.annotation = annotation
        self.name = name


class Surroundings:
    """Where a function was defined: what its annotations may refer to.

    Args:
        frame: The frame that decorates it. It is kept only while a name is missing.
        qualname: The function's qualified name; frames that enclose it are those whose name it begins with.
    """

    def __init__(self, frame: types.FrameType | None, qualname: str) -> None:
        self.frames: list[types.FrameType] = []
        self.extra: dict[str, Any] = {}
        while frame is not None and frame.f_code.co_name != "<module>":
            if qualname.startswith(frame.f_code.co_qualname + "."):
                self.frames.append(frame)
            frame = frame.f_back

    def names(self) -> dict[str, Any]:
        """The local names around the function, the innermost last."""
        out: dict[str, Any] = {}
        for frame in reversed(self.frames):
            out.update(frame.f_locals)
        return {**out, **self.extra}

    def forget(self) -> None:
        """Let go of the frames, now that every name is found."""
        self.frames.clear()
        self.extra = {}


def function_hints(fn: Callable[..., Any], around: Surroundings, last: bool = False) -> dict[str, Any]:
    """The evaluated annotations of a function.

    Args:
        fn: The function.
        around: What stands around it.
        last: Whether this is the first call: what cannot be resolved now never will be.

    Raises:
        Pending: a name is missing, and it is not `last`.
        AnnotationError: an annotation cannot be resolved.
    """
    raw = dict(getattr(fn, "__annotations__", {}))
    local = {**around.names(), **closure_names(fn)}
    local.update({p.__name__: p for p in getattr(fn, "__type_params__", ())})
    names = getattr(fn, "__globals__", {})
    out = {}
    for key, value in raw.items():
        try:
            out[key] = evaluate(value, names, local, fn.__module__, last)
        except AnnotationError as error:
            if error.fault is None or error.fault.argument:
                raise
            raise AnnotationError(fault=error.fault.but(argument=key)) from None
    return out


def closure_names(fn: Callable[..., Any]) -> dict[str, Any]:
    """The variables of enclosing functions that a function refers to."""
    out = {}
    code, cells = getattr(fn, "__code__", None), getattr(fn, "__closure__", None)
    for name, cell in zip(code.co_freevars if code else (), cells or (), strict=False):
        try:
            out[name] = cell.cell_contents
        except ValueError:
            continue
    return out


def class_hints(cls: type, around: Surroundings | None = None) -> dict[str, Any]:
    """The evaluated annotations of a class and its bases.

    Raises:
        AnnotationError: an annotation cannot be resolved.
    """
    out: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        raw = inspect.get_annotations(base)
        if not raw or base.__module__ == "builtins":
            continue
        names = getattr(sys.modules.get(base.__module__), "__dict__", {})
        local = {**(around.names() if around else {}), **dict(vars(base)), base.__name__: base}
        # A field's default hides a class of the same name: `date: date = ...`.
        local = {k: v for k, v in local.items() if k not in raw}
        out.update({k: evaluate(v, names, local, base.__module__, last=True) for k, v in raw.items()})
    return out


def evaluate(hint: Any, names: dict[str, Any], local: dict[str, Any], module: str, last: bool) -> Any:
    """One annotation, with every string in it evaluated.

    Raises:
        Pending: a name is missing, and it is not `last`.
        AnnotationError: it cannot be resolved.
    """
    if isinstance(hint, str):
        try:
            hint = typing.ForwardRef(hint, is_argument=False, is_class=True)
        except SyntaxError:
            raise _unresolved(hint, "it is not a Python expression") from None
    # A method named `float` is not what a class means by `float` in an annotation.
    local = {k: v for k, v in local.items() if not (isinstance(v, FUNCTIONS) and (k in names or hasattr(builtins, k)))}
    for _ in range(100):
        try:
            return _evaluate(hint, names, local)
        except NameError as error:
            missing = _missing_name(error)
            if missing is None or missing in local or not _import_for_checkers(missing, module, local):
                if last:
                    raise _unresolved(hint, f"no name `{missing}`") from None
                raise Pending(_source(hint), missing or "") from None
        except (AnnotationError, Pending):
            raise
        except AttributeError as error:
            if not last:  # of a module that is not ready: two that import each other
                raise Pending(_source(hint), error.name or "") from None
            raise _unresolved(hint, str(error)) from error
        except Exception as error:
            _refuse_bad_axes(_source(hint))
            raise _unresolved(hint, str(error).splitlines()[0] if str(error) else type(error).__name__) from error
    raise _unresolved(hint, "it refers to itself")


def _evaluate(hint: Any, names: dict[str, Any], local: dict[str, Any]) -> Any:
    holder = types.SimpleNamespace(__annotations__={"hint": hint})
    return typing.get_type_hints(holder, names, local, include_extras=True)["hint"]


def _missing_name(error: NameError) -> str | None:
    if error.name:
        return error.name
    found = _NAME.search(str(error))
    return found.group(1) if found else None


def _source(hint: Any) -> str:
    return hint.__forward_arg__ if isinstance(hint, typing.ForwardRef) else str(hint)


def _unresolved(hint: Any, detail: str) -> AnnotationError:
    return AnnotationError(fault=Fault("unresolved-annotation", "unresolved", got=_source(hint), detail=detail))


def _refuse_bad_axes(source: str) -> None:
    """Say which axis string is bad, with its column, where that is why an annotation cannot be evaluated."""
    try:
        tree = parse_source(source, "eval")
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
            text = node.slice.elts[1]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                parse_axes(text.value)


# -- names imported for type checkers only ----------------------------------------------------------------------------


def _import_for_checkers(name: str, module: str, local: dict[str, Any]) -> bool:
    """Find a name that the module imports under `if TYPE_CHECKING:`, and put it into `local`."""
    for node in _checker_imports(module):
        for alias in node.names:
            bound = alias.asname or (alias.name.partition(".")[0] if isinstance(node, ast.Import) else alias.name)
            if bound != name:
                continue
            try:
                local[name] = _import(node, alias, module)
            except Exception:  # noqa: BLE001  whatever it is, the name cannot be had
                return False
            return True
    return False


def _import(node: ast.Import | ast.ImportFrom, alias: ast.alias, module: str) -> Any:
    if isinstance(node, ast.Import):
        found = importlib.import_module(alias.name)
        return found if alias.asname else sys.modules[alias.name.partition(".")[0]]
    package = getattr(sys.modules.get(module), "__package__", "") or ""
    home = importlib.import_module("." * node.level + (node.module or ""), package)
    try:
        return getattr(home, alias.name)
    except AttributeError:
        return importlib.import_module(f"{home.__name__}.{alias.name}")


def _checker_imports(module: str) -> Iterator[ast.Import | ast.ImportFrom]:
    try:
        tree = parse_source(inspect.getsource(sys.modules[module]))
    except (KeyError, OSError, TypeError, SyntaxError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for inner in node.body:
                if isinstance(inner, (ast.Import, ast.ImportFrom)):
                    yield inner


def hole_value(source: str, names: dict[str, Any], local: dict[str, Any]) -> Any:
    """The value of a `{...}` in an axis string.

    Raises:
        AnnotationError: it cannot be computed.
    """
    try:
        return eval(source.strip(), {**vars(builtins), **names}, local)  # noqa: S307  the annotation's own source
    except Exception as error:
        detail = f"`{{{source}}}` cannot be computed: {error}"
        raise AnnotationError(
            fault=Fault("unresolved-annotation", "unresolved", got=f"{{{source}}}", detail=detail)
        ) from error
