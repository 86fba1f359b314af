"""The plan of a function: its parameters and results with their nodes, made once."""

from __future__ import annotations

import collections.abc as cabc
import inspect
import re
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from shapetypes.core import spec as sp
from shapetypes.core.fault import AnnotationError, Fault
from shapetypes.core.spec import Spec
from shapetypes.runtime.nodes import (
    ANY,
    NONE,
    ClassNode,
    DimNode,
    ItemsNode,
    MapNode,
    Node,
    RecordNode,
    TensorNode,
    walk,
)
from shapetypes.runtime.plan import DEFAULT_FACTORY, build, record_fields, share_records, union
from shapetypes.runtime.trees import refuse_misplaced

PLAIN: Final = "plain"
COROUTINE: Final = "coroutine"
GENERATOR: Final = "generator"
ASYNC_GENERATOR: Final = "async generator"


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter. The node of `*args` is that of the tuple, that of `**kwargs` of the dict."""

    name: str
    kind: inspect._ParameterKind
    node: Node
    default: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a function's annotations demand.

    Attributes:
        subject: The function as a person knows it: `attn()`, `Net.forward()`.
        params: Its parameters in order.
        returns: What it returns; for a generator what its last value is.
        yields: What a generator yields.
        sends: What is sent into a generator.
        kind: `plain`, `coroutine`, `generator` or `async generator`.
        method: Whether the first parameter is the instance, whose names count.
        binds: Whether the function is an `__init__` whose `Dim` integers become names of the instance.
        names: The globals of the function, for `{...}`.
        local: The names around it.
        bindable: Names that a parameter may bind.
    """

    subject: str
    params: tuple[Param, ...]
    returns: Node
    kind: str = PLAIN
    yields: Node = ANY
    sends: Node = ANY
    method: bool = False
    binds: bool = False
    names: dict[str, Any] = field(default_factory=dict)
    local: dict[str, Any] = field(default_factory=dict)
    bindable: frozenset[str] = frozenset()

    @property
    def nodes(self) -> list[Node]:
        """Every node of the signature."""
        return [*(p.node for p in self.params), self.returns, self.yields, self.sends]

    @property
    def empty(self) -> bool:
        """Whether nothing is checked."""
        return all(node == ANY for node in self.nodes)


def subject_of(fn: Callable[..., Any]) -> str:
    """A function as a person knows it: without the functions around it."""
    name = getattr(fn, "__qualname__", getattr(fn, "__name__", "function"))
    return f"{name.rpartition('<locals>.')[2]}()"


def kind_of(fn: Callable[..., Any]) -> str:
    """Which kind of function it is."""
    if inspect.isasyncgenfunction(fn):
        return ASYNC_GENERATOR
    if inspect.iscoroutinefunction(fn):
        return COROUTINE
    return GENERATOR if inspect.isgeneratorfunction(fn) else PLAIN


def make_plan(fn: Callable[..., Any], hints: dict[str, Any], local: dict[str, Any], method: bool | None = None) -> Plan:
    """The plan of a function.

    Args:
        fn: The function.
        hints: Its evaluated annotations.
        local: The names around it, for `{...}`.
        method: Whether its first parameter is an instance; by default so if it stands in a class and is called `self`.

    Raises:
        AnnotationError: a shape string cannot be read, or uses a name in an expression that nothing binds.
    """
    signature = inspect.signature(fn)
    kind = kind_of(fn)
    returns, yields, sends = _results(hints.get("return", Any), kind)
    nodes = [_parameter_node(p, hints) for p in signature.parameters.values()]
    shared = share_records([*nodes, returns, yields, sends])
    nodes, (returns, yields, sends) = shared[: len(nodes)], shared[len(nodes) :]
    params = tuple(
        Param(p.name, p.kind, node, p.default is not p.empty)
        for p, node in zip(signature.parameters.values(), nodes, strict=True)
    )
    is_method = _is_method(fn, params) if method is None else method
    plan = Plan(
        subject_of(fn), params, returns, kind, yields, sends, is_method,
        is_method and fn.__name__ == "__init__" and any(isinstance(n, DimNode) for p in params for n in walk(p.node)),
        getattr(fn, "__globals__", {}), local, bindable_names([p.node for p in params]),
    )  # fmt: skip
    if not is_method:
        _refuse_unbound(plan)
    return plan


def _is_method(fn: Callable[..., Any], params: tuple[Param, ...]) -> bool:
    outer = fn.__qualname__.rpartition(".")[0]
    return bool(outer) and not outer.endswith("<locals>") and bool(params) and params[0].name == "self"


def _parameter_node(param: inspect.Parameter, hints: dict[str, Any]) -> Node:
    if param.name not in hints:
        return ANY
    try:
        node = build(hints[param.name])
    except AnnotationError as error:
        raise _of_argument(error, param.name) from None
    if node == ANY:
        return ANY
    _refuse_misplaced(node, param.name)
    if param.kind is param.VAR_POSITIONAL:
        return ItemsNode(tuple, node)
    if param.kind is param.VAR_KEYWORD:
        return MapNode(dict, ANY, node)
    if type(param.default).__name__ == DEFAULT_FACTORY:  # a dataclass makes the value itself
        return union((ClassNode(type(param.default)), node))
    return union((NONE, node)) if param.default is None else node


def _refuse_misplaced(node: Node, name: str) -> None:
    try:
        refuse_misplaced(node)
    except AnnotationError as error:
        raise _of_argument(error, name) from None


def _of_argument(error: AnnotationError, name: str) -> AnnotationError:
    fault = error.fault
    if fault is None or fault.argument:
        return error
    argument = fault.argument or name
    return AnnotationError(str(error.args[0]) if error.args else "", fault.but(argument=argument))


def _results(hint: Any, kind: str) -> tuple[Node, Node, Node]:
    """What is returned, yielded and sent."""
    try:
        if kind in (PLAIN, COROUTINE):
            node = build(hint)
            refuse_misplaced(node)
            return node, ANY, ANY
        args = typing.get_args(hint)
        origin = typing.get_origin(hint)
        if not args or not (isinstance(origin, type) and issubclass(origin, (cabc.Iterable, cabc.AsyncIterable))):
            return ANY, ANY, ANY
        parts = [build(arg) for arg in args] + [ANY] * 2
        return (parts[2], parts[0], parts[1]) if kind == GENERATOR else (ANY, parts[0], parts[1])
    except AnnotationError as error:
        raise _of_argument(error, "return") from None


# -- names ------------------------------------------------------------------------------------------------------------


def specs_in(node: Node) -> list[Spec]:
    """Every axis string in a node, those of records that share the signature's names included."""
    out = []
    for one in walk(node):
        if isinstance(one, (TensorNode, DimNode)):
            out.append(one.spec)
        elif isinstance(one, RecordNode) and one.shares:
            out += [spec for inner in record_fields(one.cls).values() for spec in specs_in(inner)]
    return out


def bindable_names(nodes: list[Node]) -> frozenset[str]:
    """The names that these nodes can bind: they stand alone at an axis."""
    return frozenset(
        axis.name for node in nodes for spec in specs_in(node) for axis in spec.axes if axis.kind in (sp.NAME, sp.VAR)
    )


def _refuse_unbound(plan: Plan) -> None:
    """A name that stands only in expressions can never be computed."""
    labelled = [(p.name, p.node, plan.bindable) for p in plan.params]
    result = plan.bindable | bindable_names([plan.returns, plan.yields, plan.sends])
    labelled += [("return", node, result) for node in (plan.returns, plan.yields, plan.sends)]
    for label, node, known in labelled:
        for spec in specs_in(node):
            for axis in spec.axes:
                missing = sorted(axis.names - known)
                if axis.kind == sp.EXPR and missing:
                    detail = _needs(axis.text, missing[0], any(p.name == missing[0] for p in plan.params))
                    fault = Fault(
                        "bad-annotation", "annotation", plan.subject, label, spec=spec.text, column=axis.column
                    )
                    raise AnnotationError(fault=fault.but(detail=detail))


def _needs(text: str, name: str, is_argument: bool) -> str:
    detail = f"`{text}` needs `{name}`, which is not an axis of its own anywhere"
    if not is_argument:
        return detail
    written = re.sub(rf"\b{re.escape(name)}\b", f"{{{name}}}", text)
    return f'{detail}; for the argument `{name}`, write `{written}` or declare it `Dim[int, "{name}"]`'


def first_places(plan: Plan) -> dict[str, tuple[str, int | None]]:
    """Which argument and axis binds each name first, for names that stand directly in a parameter."""
    out: dict[str, tuple[str, int | None]] = {}
    for param in plan.params:
        for node in walk(param.node):
            if isinstance(node, (TensorNode, DimNode)):
                for i, axis in enumerate(node.spec.axes):
                    at = None if isinstance(node, DimNode) else i
                    if axis.kind in (sp.NAME, sp.VAR) and axis.name:
                        out.setdefault(("*" if axis.kind == sp.VAR else "") + axis.name, (param.name, at))
    return out


def unwrapped(fn: Any) -> Callable[..., Any] | None:
    """The Python function inside a static or class method; None if there is none."""
    inner = fn.__func__ if isinstance(fn, (staticmethod, classmethod)) else fn
    return inner if isinstance(inner, types.FunctionType) else None
