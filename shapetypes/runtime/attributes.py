"""Values that are assigned to annotated attributes: checked against the names of their object."""

from __future__ import annotations

import sys
import types
from typing import Any

from shapetypes.core.fault import ShapeError
from shapetypes.core.scope import Scope
from shapetypes.runtime import inside, scopes, values
from shapetypes.runtime.emit import Emitter, Miss, NotFast, function
from shapetypes.runtime.names import merges, names_of
from shapetypes.runtime.nodes import Node
from shapetypes.runtime.signature import specs_in


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


def attribute_function(cls: type, name: str, node: Node) -> Any:
    """What `__setattr__` calls with the object and the value: generated comparisons, and the slow path behind them.

    A parameter that has a name whose size is not fixed yet is left to the slow path, which fixes it.
    """
    writer = Emitter(("self", "value"), (), [node])
    slow = writer.constant(_slow_path(name, node), "slow")
    try:
        body = _comparisons(writer, node)
    except NotFast:
        writer.lines, writer.conditions, writer.first = [], [], []
        body = [f"raise {writer.constant(Miss, 'miss')}"]
    error = writer.fresh("error_")
    lines = [
        "try:",
        *("    " + line for line in body),
        "except Exception:",
        "    pass",
        "else:",
        "    return",
        "__tracebackhide__ = True",
        f"{error} = {slow}(self, value)",
        f"if {error} is not None:",
        f"    raise {error}",
    ]
    return function(f"{cls.__module__}.{cls.__qualname__}.{name}", "self, value", lines, writer.constants)


def _comparisons(writer: Emitter, node: Node) -> list[str]:
    specs = specs_in(node)
    if merges(specs):
        raise NotFast
    names = names_of(specs)
    instance = writer.fresh("instance_")
    start = [f"{instance} = self.__dict__.get({scopes.INSTANCE_KEY!r})"]
    for name in names:
        writer.bound[name] = writer.fresh(f"{name.lstrip('*')}_")
        writer.maybe.add(name)
        start.append(f"{writer.bound[name]} = None if {instance} is None else {instance}.get({name!r})")
    torch = values.module("torch")
    if torch is not None and names:
        unknown = " or ".join(f"{writer.bound[name]} is None" for name in names)
        parameter = writer.constant(torch.nn.Parameter, "Parameter")
        start.append(f"if isinstance(value, {parameter}) and ({unknown}):")
        start.append(f"    raise {writer.constant(Miss, 'miss')}")
    writer.node(node, "value")
    conditions, early = writer.settle()
    writer.conditions += conditions
    return [*start, *early, *writer.finish()]


def _slow_path(name: str, node: Node) -> Any:
    def slow(obj: Any, value: Any) -> ShapeError | None:
        try:
            values.eagerly(check_attribute, obj, name, node, value, sys._getframe(3))
        except ShapeError as error:
            error.__context__ = None
            return error.with_traceback(None)
        return None

    return values.untraced(slow, f"what is assigned to `{name}` does not fit its annotation")
