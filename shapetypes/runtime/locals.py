"""Annotated locals: `y: Float[Tensor, "b t"] = f(x)` inside a checked function is checked when it is assigned.

The function is compiled again from its source with the assigned expression passed through a check. File, lines, columns
and closure cells stay those of the original, so that debuggers, `super()` and `nonlocal` do not notice.
"""

from __future__ import annotations

import ast
import inspect
import sys
import types
import warnings
from typing import Any

from shapetypes.core.fault import AnnotationError
from shapetypes.core.scope import Scope
from shapetypes.runtime import inside, report, scopes, values
from shapetypes.runtime.nodes import Node, has_shapes
from shapetypes.runtime.plan import build
from shapetypes.runtime.resolve import Pending, Surroundings, closure_names, evaluate

_CHECK = "_shapetypes_local"
_told: list[str] = []


class Site:
    """One annotated assignment.

    Attributes:
        label: Its target as source.
        source: Its annotation as source.
        node: The plan; None until the names that it needs exist.
        attribute: The name of the attribute of `self` that is assigned, or empty.
    """

    def __init__(self, label: str, source: str, node: Node | None, attribute: str) -> None:
        self.label = label
        self.source = source
        self.node = node
        self.attribute = attribute


def with_checked_locals(fn: types.FunctionType, around: Surroundings) -> types.FunctionType | None:
    """A function that checks its annotated locals; None if it has none.

    Raises:
        AnnotationError: an annotation in its body cannot be read.
    """
    tree = _parse(fn)
    if tree is None:
        return None
    sites: list[Site] = []
    finder = _Finder(fn, around, sites)
    for statement in tree.body:
        finder.visit(statement)
    if not sites:
        return None
    code = _compile(fn, tree)
    check = _checker(sites, fn)
    cells = dict(zip(fn.__code__.co_freevars, fn.__closure__ or (), strict=True))
    cells[_CHECK] = types.CellType(check)
    if not set(code.co_freevars) <= set(cells):
        return None
    out = types.FunctionType(
        code, fn.__globals__, fn.__name__, fn.__defaults__, tuple(cells[name] for name in code.co_freevars)
    )
    out.__kwdefaults__ = fn.__kwdefaults__
    out.__annotations__, out.__qualname__, out.__module__ = fn.__annotations__, fn.__qualname__, fn.__module__
    out.__doc__ = fn.__doc__
    out.__dict__.update(fn.__dict__)
    return out


def _parse(fn: types.FunctionType) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """The function's definition, with lines and columns of its file."""
    if fn.__name__ == "<lambda>":
        return None
    try:
        lines, start = inspect.getsourcelines(fn)
    except (OSError, TypeError):
        _tell(fn)
        return None
    source = "".join(lines)
    indented = source[:1] in (" ", "\t")
    try:
        module = ast.parse("if 1:\n" + source if indented else source)
    except SyntaxError:
        _tell(fn)
        return None
    ast.increment_lineno(module, start - 1 - indented)
    for node in ast.walk(module):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == fn.__name__:
            return node
    return None


def _tell(fn: types.FunctionType) -> None:
    """Say once that annotated locals are not seen."""
    if not _told and not fn.__code__.co_filename.startswith("<string>"):
        _told.append(fn.__qualname__)
        text = f"the source of `{fn.__qualname__}` is not to be had: annotated locals in it are not checked"
        warnings.warn(report.ShapeWarning(text), stacklevel=2)


class _Finder(ast.NodeTransformer):
    """Passes the value of each annotated assignment of a shape through the check."""

    def __init__(self, fn: types.FunctionType, around: Surroundings, sites: list[Site]) -> None:
        self.fn = fn
        self.sites = sites
        self.local = {**around.names(), **closure_names(fn)}

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return node
        plan, wanted = self._plan(node.annotation)
        if not wanted:
            return node
        target = node.target
        own = isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"
        attribute = target.attr if isinstance(target, ast.Attribute) and own else ""
        self.sites.append(Site(ast.unparse(target), ast.unparse(node.annotation), plan, attribute))
        call = ast.Call(ast.Name(_CHECK, ast.Load()), [node.value, ast.Constant(len(self.sites) - 1)], [])
        node.value = ast.fix_missing_locations(ast.copy_location(call, node.value))
        return node

    def _plan(self, annotation: ast.expr) -> tuple[Node | None, bool]:
        """The plan of an annotation, and whether it is one of shapes; a name that is still missing may be a local."""
        source = ast.unparse(annotation)
        names = {n.id for n in ast.walk(annotation) if isinstance(n, ast.Name)}
        own = set(self.fn.__code__.co_varnames) | set(self.fn.__code__.co_cellvars)
        if names & own:
            return None, _looks_like_shapes(annotation)
        try:
            node = build(evaluate(source, self.fn.__globals__, self.local, self.fn.__module__, last=False))
        except Pending:
            return None, _looks_like_shapes(annotation)
        except AnnotationError:
            if _looks_like_shapes(annotation):
                raise
            return None, False
        return node, has_shapes(node)


def _looks_like_shapes(annotation: ast.expr) -> bool:
    """Whether a subscript in it ends with a string: `Float[Tensor, "b t"]`."""
    return any(
        isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Tuple)
        and isinstance(node.slice.elts[-1], ast.Constant)
        and isinstance(node.slice.elts[-1].value, str)
        for node in ast.walk(annotation)
    )


# -- compiling --------------------------------------------------------------------------------------------------------


def _compile(fn: types.FunctionType, tree: ast.FunctionDef | ast.AsyncFunctionDef) -> types.CodeType:
    """The function's new code: compiled inside what surrounds it, so that closures and private names work."""
    tree.decorator_list = []
    tree.returns = None
    arguments = tree.args
    for arg in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg):
        if arg is not None:
            arg.annotation = None
    nothing = ast.copy_location(ast.Constant(None), tree)
    arguments.defaults = [nothing for _ in arguments.defaults]
    arguments.kw_defaults = [default and nothing for default in arguments.kw_defaults]
    outer = fn.__qualname__.rpartition(".")[0]
    body: list[ast.stmt] = [tree]
    if outer and not outer.endswith("<locals>"):
        body = [ast.ClassDef(outer.rpartition(".")[2], [], [], body, [])]
    free = [name for name in fn.__code__.co_freevars if name != "__class__"] + [_CHECK]
    factory = ast.FunctionDef(
        "_factory", ast.arguments([], [ast.arg(name) for name in free], None, [], [], None, []), body, []
    )
    for node in (*body, factory):
        ast.copy_location(node, tree)
    module = ast.fix_missing_locations(ast.Module([factory], []))
    flags = fn.__code__.co_flags & ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    future = fn.__code__.co_flags & _FUTURE
    made = compile(module, fn.__code__.co_filename, "exec", flags=flags | future, dont_inherit=True)
    found = _find(made, fn.__name__, fn.__code__)
    return found.replace(co_qualname=fn.__code__.co_qualname)


_FUTURE = __import__("__future__").annotations.compiler_flag


def _find(code: types.CodeType, name: str, original: types.CodeType) -> types.CodeType:
    pending = [code]
    while pending:
        one = pending.pop(0)
        if one.co_name == name and one.co_argcount == original.co_argcount and one is not code:
            return one
        pending += [constant for constant in one.co_consts if isinstance(constant, types.CodeType)]
    raise LookupError(name)


# -- checking ---------------------------------------------------------------------------------------------------------


def _checker(sites: list[Site], fn: types.FunctionType) -> Any:
    compiling = values.compiling()

    def check(value: Any, index: int) -> Any:
        __tracebackhide__ = True
        if compiling():
            return value
        frame = sys._getframe(1)
        site = sites[index]
        if site.node is None:
            hint = evaluate(site.source, frame.f_globals, frame.f_locals, fn.__module__, last=True)
            site.node = build(hint)
        if site.attribute and "self" in frame.f_locals:
            check_attribute(frame.f_locals["self"], site.attribute, site.node, value, frame)
        else:
            inside.check_value(value, site.node, site.label, frame)
        return value

    return check


def check_attribute(obj: Any, name: str, node: Node, value: Any, frame: types.FrameType) -> None:
    """Check a value that is assigned to an attribute; a parameter of a module fixes its names for the object.

    Raises:
        ShapeError: it does not fit.
    """
    __tracebackhide__ = True
    owner = f"attribute:{name}"
    scopes.unbind_instance(obj, owner)
    scope: Scope = scopes.instance_scope(obj)
    inside.check_in(scope, value, node, f"{type(obj).__name__}.{name}", frame)
    torch = values.module("torch")
    if torch is not None and isinstance(value, torch.nn.Parameter):
        scopes.bind_parameter(obj, name, scope, frame)
