"""Annotated locals: `y: Float[Tensor, "b t"] = f(x)` inside a checked function is checked when it is assigned.

The function is compiled again from its source with the assigned expression passed through a check (see `sites`), and
`assert_shape`, `dims` and `isinstance` of a hint likewise. File, lines, columns and closure cells stay those of the
original, so that debuggers, `super()` and `nonlocal` do not notice.
"""

from __future__ import annotations

import ast
import builtins
import copy
import inspect
import types
import typing
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shapetypes.core.fault import AnnotationError, Place
from shapetypes.core.parse import parse_axes
from shapetypes.core.source import parse as parse_source
from shapetypes.core.spec import Spec
from shapetypes.runtime import inside, report, values
from shapetypes.runtime.emit import surely_bound, tensors_in
from shapetypes.runtime.inside import looks_inside
from shapetypes.runtime.names import Layout, names_of
from shapetypes.runtime.nodes import Node, has_shapes
from shapetypes.runtime.plan import build, is_tensor_hint
from shapetypes.runtime.report import span
from shapetypes.runtime.resolve import Pending, Surroundings, closure_names, evaluate
from shapetypes.runtime.scopes import IN_GRAPH, PASSED
from shapetypes.runtime.signature import Plan, first_places, specs_in
from shapetypes.runtime.sites import ASSERT, DIMS, ISINSTANCE, LOCAL, Site, site_function

_told: list[str] = []


@dataclass(frozen=True, slots=True)
class Body:
    """A body that looks at the names of its call.

    Attributes:
        run: The function, which takes the names as one more argument where `passed`.
        layout: Where the names stand.
        passed: Whether it does.
        memo: Whether it asks `isinstance` of a jaxtyping class in a way that only jaxtyping itself can answer.
    """

    run: Callable[..., Any]
    layout: Layout
    passed: bool
    memo: bool


def checked_body(fn: Any, inner: types.FunctionType, plan: Plan, around: Surroundings) -> Body | None:
    """The body of a function with its annotated locals, `assert_shape`, `dims` and `isinstance` checked.

    Args:
        fn: What is called.
        inner: The function inside it that has the annotations.
        plan: What the signature demands.
        around: Where it was defined.

    Returns:
        None if it does not look at the names of its call.

    Raises:
        AnnotationError: an annotation in it cannot be read.
    """
    looks = looks_inside(inner)
    tree = _parse(inner) if fn is inner else None
    sites: list[Site] = []
    memo = looks == "memo"
    if tree is not None:
        finder = _Finder(inner, around, tree, hints=True)
        memo = memo and finder.in_doubt()
        if memo:
            tree = _parse(inner)
            assert tree is not None
            finder = _Finder(inner, around, tree, hints=False)
        finder.run()
        sites = finder.sites
    if not sites and not looks:
        return None
    specs = [spec for node in plan.nodes for spec in specs_in(node)]
    names = names_of([*specs, *(spec for site in sites for spec in site.specs)])
    layout = Layout(names, first_places(plan), [site.binds() for site in sites])
    run = _transformed(inner, tree, sites, plan, layout) if sites and tree is not None else None
    if run is None:
        return Body(fn, layout, False, memo)
    return Body(_for_graphs(run, inner, [*plan.nodes, *(s.node for s in sites if s.node)], layout), layout, True, memo)


def _for_graphs(
    run: types.FunctionType, original: types.FunctionType, nodes: list[Node], layout: Layout
) -> Callable[..., Any]:
    """A body for TensorFlow, whose AutoGraph converts functions from their source: it gets the original one."""
    tf = values.module("tensorflow")
    homes = {cls.__module__.partition(".")[0] for node in nodes for one in tensors_in(node) for cls in one.types}
    if tf is None or homes == {"torch"}:
        return run

    def in_graph(names: Any, layout: Layout, name: str, call: Callable[[], Any]) -> Any:  # noqa: ARG001  see `call_names`
        return call()

    def either(*args: Any, **kwargs: Any) -> Any:
        here = tf.__internal__.autograph.control_status_ctx()
        if here.status.name != "ENABLED":
            return run(*args, **kwargs)
        names = kwargs.pop(PASSED)
        converted = tf.__internal__.autograph.tf_convert(original, here)
        return in_graph(names, layout, original.__name__, lambda: converted(*args, **kwargs))

    vars(either)["autograph_info__"] = {}  # AutoGraph leaves it as it is
    IN_GRAPH.add(in_graph.__code__)
    return either


def _transformed(
    fn: types.FunctionType,
    tree: ast.FunctionDef | ast.AsyncFunctionDef,
    sites: list[Site],
    plan: Plan,
    layout: Layout,
) -> types.FunctionType | None:
    code = _compile(fn, tree, len(sites))
    cells = dict(zip(fn.__code__.co_freevars, fn.__closure__ or (), strict=True))
    firm = surely_bound(plan)
    for i, site in enumerate(sites):
        cells[_name(i)] = types.CellType(site_function(site, i, fn, layout, firm))
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


def _name(i: int) -> str:
    """The variable of a body that holds the check of one place."""
    return f"_shapetypes_{i}"


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
        module = parse_source("if 1:\n" + source if indented else source)
    except SyntaxError:
        _tell(fn)
        return None
    ast.increment_lineno(module, start - 1 - indented)
    for node in ast.walk(module):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == fn.__name__:
            if _parameters(node) == set(inspect.signature(fn, follow_wrapped=False).parameters):
                return node
            _tell(fn)  # the file has changed since it was imported
            return None
    return None


def _parameters(tree: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    a = tree.args
    return {arg.arg for arg in (*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg) if arg is not None}


def _tell(fn: types.FunctionType) -> None:
    """Say once that annotated locals are not seen."""
    if not _told and not fn.__code__.co_filename.startswith("<string>"):
        _told.append(fn.__qualname__)
        text = f"the source of `{fn.__qualname__}` is not to be had: annotated locals in it are not checked"
        warnings.warn(report.ShapeWarning(text), stacklevel=2)


class _Finder(ast.NodeTransformer):
    """Passes what is looked at in a body through the checks.

    Args:
        fn: The function.
        around: Where it was defined.
        tree: Its definition, which is changed.
        hints: Whether `isinstance` of a jaxtyping class is answered here, too.
    """

    def __init__(
        self, fn: types.FunctionType, around: Surroundings, tree: ast.FunctionDef | ast.AsyncFunctionDef, hints: bool
    ) -> None:
        self.fn = fn
        self.tree = tree
        self.hints = hints
        self.sites: list[Site] = []
        self.local = {**around.names(), **closure_names(fn)}
        self.own = _bound_in(tree)

    def run(self) -> None:
        """Change the body."""
        for i, statement in enumerate(self.tree.body):
            self.tree.body[i] = self.visit(statement)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        if node.value is None:
            return node
        plan, wanted = self._plan(node.annotation)
        if not wanted:
            return node
        target = node.target
        own = isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"
        attribute = target.attr if isinstance(target, ast.Attribute) and own else ""
        label, source = ast.unparse(target), ast.unparse(node.annotation)
        site = Site(LOCAL, label, source, plan, self._place(node.value), None, attribute)
        node.value = self._through(site, node.value, [node.value])
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        called = self._value_of(node.func)
        if called is inside.assert_shape:
            return self._assertion(node)
        if called is inside.dims:
            spec = _axes(node.args[0] if len(node.args) == 1 and not node.keywords else None)
            if spec is None:
                return node
            return self._through(Site(DIMS, "", spec.text, None, self._place(node), spec), node, [])
        if called is isinstance and self.hints and len(node.args) == 2 and not node.keywords:
            return self._question(node)
        return node

    def _assertion(self, node: ast.Call) -> ast.AST:
        given = {**dict(zip(("value", "spec", "name"), node.args, strict=False))}
        given.update({keyword.arg: keyword.value for keyword in node.keywords if keyword.arg})
        text, label = given.get("spec"), given.get("name")
        value = node.args[0] if node.args and not isinstance(node.args[0], ast.Starred) else None
        plan = _items(text)
        if value is None or plan is None or len(given) != len(node.args) + len(node.keywords):
            return node
        if label is not None and not (isinstance(label, ast.Constant) and isinstance(label.value, str)):
            return node
        shown = label.value if isinstance(label, ast.Constant) and isinstance(label.value, str) else ""
        source = ast.unparse(_original(value))
        shown = shown or (source if len(source) <= 40 and "\n" not in source else "value")
        assert isinstance(text, ast.Constant)
        return self._through(Site(ASSERT, shown, str(text.value), plan, self._place(node)), node, [value])

    def _question(self, node: ast.Call) -> ast.AST:
        hint = self._hint(node.args[1])
        if not is_tensor_hint(hint):
            return node
        try:
            plan = build(hint)
        except AnnotationError:
            return node
        source = ast.unparse(node.args[1])
        return self._through(Site(ISINSTANCE, "", source, plan, self._place(node)), node, [node.args[0]])

    def _through(self, site: Site, at: ast.expr, given: list[ast.expr]) -> ast.Call:
        """The call of the check of a place."""
        self.sites.append(site)
        call = ast.Call(ast.Name(_name(len(self.sites) - 1), ast.Load()), [*given, ast.Name(PASSED, ast.Load())], [])
        for node in (call, call.func, call.args[-1]):
            ast.copy_location(node, at)
        call._before = at  # type: ignore[attr-defined]
        return call

    def _place(self, node: ast.expr) -> Place:
        return span(self.fn.__code__.co_filename, node)

    # -- what an expression stands for --------------------------------------------------------------------------

    def in_doubt(self) -> bool:
        """Whether `isinstance` is asked of something that may be a jaxtyping class, in a way that is not understood."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name) and node.id == "isinstance" and not isinstance(node.ctx, ast.Load):
                return True
        nested = [node for node in ast.walk(self.tree) if isinstance(node, _NESTED) and node is not self.tree]
        inner = {id(node) for one in nested for node in ast.walk(one)}
        known = 0
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and self._value_of(node.func) is isinstance and len(node.args) == 2:
                hint = self._hint(node.args[1])
                known += not _about_tensors(hint) or (is_tensor_hint(hint) and id(node) not in inner)
        return known < sum(isinstance(n, ast.Name) and n.id == "isinstance" for n in ast.walk(self.tree))

    def _hint(self, node: ast.expr) -> Any:
        """The class that `isinstance` is asked for; `_UNKNOWN` if it is computed in the body."""
        allowed = (
            ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.Tuple, ast.BinOp, ast.BitOr, ast.Load
        )  # fmt: skip
        parts = list(ast.walk(node))
        if not all(isinstance(part, allowed) for part in parts):
            return _UNKNOWN
        if any(isinstance(part, ast.Name) and part.id in self.own for part in parts):
            return _UNKNOWN
        try:
            code = compile(ast.Expression(node), "<hint>", "eval")
            return eval(code, self.fn.__globals__, self.local)  # noqa: S307  names and subscripts of the user's source
        except Exception:  # noqa: BLE001  it fails where it stands, or is never reached
            return _UNKNOWN

    def _value_of(self, node: ast.expr) -> Any:
        """What a name, or an attribute of a module, stands for outside the body."""
        if isinstance(node, ast.Attribute):
            owner = self._value_of(node.value)
            return getattr(owner, node.attr, None) if isinstance(owner, types.ModuleType) else None
        if not isinstance(node, ast.Name) or node.id in self.own:
            return None
        for names in (self.local, self.fn.__globals__, vars(builtins)):
            if node.id in names:
                return names[node.id]
        return None

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


_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_UNKNOWN: Any = object()


def _bound_in(tree: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Every name that is assigned somewhere in a function."""
    out: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            out.add(node.id)
        elif isinstance(node, ast.arg):
            out.add(node.arg)
        elif isinstance(node, ast.alias):
            out.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, (ast.ExceptHandler, *_NESTED)) and node is not tree and node.name:
            out.add(node.name)
    return out


def _about_tensors(hint: Any) -> bool:
    """Whether a class for `isinstance` is, or may be, one of jaxtyping's."""
    if hint is _UNKNOWN or is_tensor_hint(hint):
        return True
    if isinstance(hint, tuple):
        return any(map(_about_tensors, hint))
    return not isinstance(hint, type) and any(map(_about_tensors, typing.get_args(hint)))


def _axes(node: ast.expr | None) -> Spec | None:
    """A constant string of axes; None if it is none, or a bad one."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return None
    try:
        return parse_axes(node.value, several=True)
    except AnnotationError:
        return None


def _items(node: ast.expr | None) -> Node | None:
    """The node of a constant spec as `assert_shape` takes it; None if it is none, or a bad one."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return None
    try:
        return inside.spec_node(node.value)
    except AnnotationError:
        return None


def _original(node: ast.expr) -> ast.expr:
    """An expression as the user wrote it."""
    return _Undo().visit(copy.deepcopy(node))  # type: ignore[no-any-return]


class _Undo(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        return self.generic_visit(getattr(node, "_before", node))


# -- compiling --------------------------------------------------------------------------------------------------------


def _compile(fn: types.FunctionType, tree: ast.FunctionDef | ast.AsyncFunctionDef, sites: int) -> types.CodeType:
    """The function's new code: compiled inside what surrounds it, so that closures and private names work."""
    tree.decorator_list = []
    tree.returns = None
    arguments = tree.args
    for arg in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg):
        if arg is not None:
            arg.annotation = None
    nothing = ast.copy_location(ast.Constant(None), tree)
    arguments.defaults = [nothing for _ in arguments.defaults]
    arguments.kw_defaults = [*(default and nothing for default in arguments.kw_defaults), None]
    arguments.kwonlyargs.append(ast.copy_location(ast.arg(PASSED), tree))
    outer = fn.__qualname__.rpartition(".")[0]
    body: list[ast.stmt] = [tree]
    if outer and not outer.endswith("<locals>"):
        body = [ast.ClassDef(outer.rpartition(".")[2], [], [], body, [])]
    free = [name for name in fn.__code__.co_freevars if name != "__class__"] + [_name(i) for i in range(sites)]
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
    return _renamed(found, found.co_qualname, fn.__code__.co_qualname)


def _renamed(code: types.CodeType, old: str, new: str) -> types.CodeType:
    """Code, and that of the functions in it, by the names that they have in the file."""
    inner = [_renamed(c, old, new) if isinstance(c, types.CodeType) else c for c in code.co_consts]
    return code.replace(co_consts=tuple(inner), co_qualname=new + code.co_qualname.removeprefix(old))


_FUTURE = __import__("__future__").annotations.compiler_flag


def _find(code: types.CodeType, name: str, original: types.CodeType) -> types.CodeType:
    pending = [code]
    while pending:
        one = pending.pop(0)
        if one.co_name == name and one.co_argcount == original.co_argcount and one is not code:
            return one
        pending += [constant for constant in one.co_consts if isinstance(constant, types.CodeType)]
    raise LookupError(name)
