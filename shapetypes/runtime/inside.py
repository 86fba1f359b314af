"""Looking at the names of a call from inside it: `dims`, `assert_shape`, `isinstance` with a jaxtyping class."""

from __future__ import annotations

import sys
import types
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from shapetypes.core import spec as sp
from shapetypes.core.dtype import GROUPS
from shapetypes.core.fault import AnnotationError, Fault, Origin
from shapetypes.core.judge import Judge
from shapetypes.core.match import Matcher
from shapetypes.core.parse import parse_axes, parse_items
from shapetypes.core.scope import Scope
from shapetypes.core.spec import Item
from shapetypes.runtime import explain, report, scopes, values
from shapetypes.runtime.nodes import ANY, NONE, Node, TensorNode, TupleNode, UnionNode
from shapetypes.runtime.plan import is_tensor_hint
from shapetypes.runtime.resolve import hole_value
from shapetypes.runtime.trees import STRUCTURE

if TYPE_CHECKING:
    from shapetypes.runtime.calls import Call

T = TypeVar("T")


# -- assert_shape and dims --------------------------------------------------------------------------------------------


def item_node(item: Item) -> Node:
    """The node of one item of a layer spec."""
    if item.unchecked:
        return ANY
    node: Node
    if item.axes is None:
        node = TupleNode(tuple(item_node(inner) for inner in item.items))
    else:
        node = TensorNode(item.axes, (), GROUPS[item.dtype] if item.dtype else None, (), item.dtype or "Shaped")
    return UnionNode((NONE, node)) if item.optional else node


def spec_node(spec: str) -> Node:
    """The node of a spec as `assert_shape` takes it.

    Raises:
        AnnotationError: it cannot be read.
    """
    items = tuple(item_node(item) for item in parse_items(spec))
    return items[0] if len(items) == 1 else TupleNode(items)


def assert_shape(value: T, spec: str, name: str = "") -> T:
    """Check a value against a spec, with the names of the call around it.

    In a checked function the names are those of its signature, and new ones are bound for the rest of the call.
    Elsewhere they are those of a `scope` block around it, if any.

    Args:
        value: A tensor, or a tuple of them.
        spec: Items as in a layer spec: `"B T"`, `"Float B T"`, `"(L B H, L B H)"`.
        name: What to call the value in a message; by default the source of the argument.

    Returns:
        The value.

    Raises:
        ShapeError: it does not fit.
        AnnotationError: the spec cannot be read.
    """
    if values.compiling()():
        return value
    frame = sys._getframe(1)
    check_value(value, spec_node(spec), name or _source_of_argument(frame), frame)
    return value


def check_value(value: Any, node: Node, label: str, frame: types.FrameType) -> None:
    """Check one value in the scope of the call whose body `frame` is.

    Raises:
        ShapeError: it does not fit.
    """
    __tracebackhide__ = True
    found = scopes.call_names(frame)
    if isinstance(found, Scope):
        check_in(found, value, node, label, frame)
        return
    if found is not None:
        sizes, layout = found
        scope = layout.scope(sizes)
        check_in(scope, value, node, label, frame)
        layout.keep(sizes, scope)
        return
    scope, blocks = scopes.base_scope(None, frame)
    check_in(scope, value, node, label, frame)
    for block in blocks:
        block.adopt(scope, label, report.call_place(frame))


def check_in(scope: Scope, value: Any, node: Node, label: str, frame: types.FrameType) -> None:
    """Check one value in a scope, which gets the names that it binds.

    Raises:
        ShapeError: it does not fit.
    """
    __tracebackhide__ = True
    trial = scope.trial()
    fault, _ = explain.check([(label, node, value)], trial, "", _hole_in(frame), what="identified")
    if fault is None:
        _place(trial, frame)
        trial.commit()
        return
    error = report.error_for(fault, frame, (), report.mode() == "warn")
    if error is not None:
        raise error


def fits(scope: Scope, value: Any, node: Node, frame: types.FrameType) -> bool:
    """Whether a value fits; then the scope gets the names that it binds."""
    trial = scope.trial()
    fault, _ = explain.check([("", node, value)], trial, "", _hole_in(frame), what="identified")
    if fault is None:
        _place(trial, frame)
        trial.commit()
    return fault is None


def _place(trial: Scope, frame: types.FrameType) -> None:
    """Remember the line at which new names were bound."""
    new = trial.save()
    place = report.call_place(frame) if new else None
    for name, binding in new.items():
        trial.bind(name, binding.size, replace(binding.origin, place=place), binding.broadcast)


def _hole_in(frame: types.FrameType) -> Any:
    return lambda source: hole_value(source, frame.f_globals, frame.f_locals)


def _source_of_argument(frame: types.FrameType) -> str:
    if str(frame.f_globals.get("__name__")).startswith("tensorflow."):
        return "value"
    return report.argument_text(frame, report.call_place(frame)) or "value"


def dims(names: str) -> Any:
    """Give the sizes (elements) that names have in the call around.

    Example:
        `B, T = dims("B T")`

    Args:
        names: Axis words: names, `*names`, numbers, expressions.

    Returns:
        A tuple with one entry for each word (a variadic name gives a tuple); for one word, the entry itself.

    Raises:
        AnnotationError: a name is not bound.
    """
    return sizes_of(parse_axes(names, several=True), scope_at(sys._getframe(1)))


def scope_at(frame: types.FrameType) -> Scope:
    """The names that count where a frame is: those of the call whose body it is, else those of blocks around it."""
    found = scopes.call_names(frame)
    if found is None:
        return scopes.base_scope(None, frame)[0]
    return found if isinstance(found, Scope) else found[1].scope(found[0])


def sizes_of(spec: sp.Spec, scope: Scope) -> Any:
    """What `dims` gives.

    Raises:
        AnnotationError: a name is not bound.
    """
    matcher = Matcher(scope, Judge())
    sizes = tuple(_size(axis, scope, matcher, spec.text) for axis in spec.axes)
    return sizes[0] if len(sizes) == 1 else sizes


def _size(axis: sp.Axis, scope: Scope, matcher: Matcher, text: str) -> Any:
    if axis.kind == sp.FIXED:
        return axis.size
    try:
        if axis.kind == sp.EXPR:
            return matcher.evaluate(axis)
        found = scope.get(("*" if axis.kind == sp.VAR else "") + axis.name)
        if found is None:
            raise sp.UnboundName(axis.name or axis.text)
    except sp.UnboundName as error:
        detail = f"`{error}` has no size here"
        raise AnnotationError(
            fault=Fault("bad-annotation", "annotation", "dims()", spec=text, column=axis.column, detail=detail)
        ) from None
    return found.size


for _looker in (assert_shape, dims):
    vars(_looker)["autograph_info__"] = {}  # TensorFlow's AutoGraph leaves them as they are


# -- which functions look ---------------------------------------------------------------------------------------------


def looks_inside(inner: types.FunctionType) -> str:
    """How the body of a function looks at the names of the call.

    Returns:
        `scope` (`dims`, `assert_shape`), `memo` (it asks `isinstance` of a jaxtyping class) or nothing.
    """
    kinds = {_looks(code, inner.__globals__) for code in _codes(inner.__code__)}
    return "memo" if "memo" in kinds else "scope" if "scope" in kinds else ""


def _codes(code: types.CodeType) -> list[types.CodeType]:
    out = [code]
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            out += _codes(constant)
    return out


def _looks(code: types.CodeType, names: dict[str, Any]) -> str:
    used = [*code.co_names, *code.co_freevars, *code.co_varnames]
    found = [names.get(name) for name in used]
    if "print_bindings" in used or ("isinstance" in used and any(_is_jaxtyping(value) for value in found)):
        return "memo"
    ours = (assert_shape, dims, getattr(sys.modules.get("shapetypes.runtime.agreement"), "agree", None))
    if any(name in ("assert_shape", "dims", "agree") for name in used):
        return "scope"
    if any(value is o for value in found if value is not None for o in ours):
        return "scope"
    return ""


def _is_jaxtyping(value: Any) -> bool:
    module = sys.modules.get("jaxtyping")
    if module is None or value is None:
        return False
    return (
        value is module
        or is_tensor_hint(value)
        or (isinstance(value, type) and issubclass(value, module.AbstractDtype))
    )


# -- jaxtyping's own memo ---------------------------------------------------------------------------------------------


def enter(call: Call) -> Any:
    """Let `isinstance(x, Float[...])` in the body see the names of the call, as under `jaxtyped`."""
    from jaxtyping import _storage

    memo = _storage.push_shape_memo({p.name: v for p, v in zip(call.plan.params, call.values, strict=True)})
    for name, binding in call.scope.items():
        if name.startswith(STRUCTURE):
            continue
        if name.startswith("*"):
            memo[1][name[1:]] = (binding.broadcast, binding.size)
        else:
            memo[0][name] = binding.size
    return memo


def leave(call: Call) -> None:
    """Take over what `isinstance` has bound."""
    from jaxtyping import _storage

    single, variadic, *_ = _storage.get_shape_memo()  # type: ignore[no-untyped-call]
    _storage.pop_shape_memo()
    for name, size in single.items():
        if call.scope.get(name) is None:
            call.scope.bind(name, size, Origin("annotation", size=size, dim=name))
    for name, (_, size) in variadic.items():
        if call.scope.get("*" + name) is None:
            call.scope.bind("*" + name, tuple(size), Origin("annotation", size=tuple(size), dim=name))
