"""From an evaluated hint to a plan: frozen nodes that the fast and the slow path are both made from."""

from __future__ import annotations

import collections.abc as cabc
import dataclasses
import re
import sys
import types
import typing
from typing import Annotated, Any, ForwardRef, Literal, TypeVar, Union

from shapetypes.annotations import DimMark, RuleMark
from shapetypes.core import spec as sp
from shapetypes.core.dtype import GROUPS, DTypes, canonical
from shapetypes.core.fault import AnnotationError, Fault
from shapetypes.core.parse import parse_axes
from shapetypes.core.spec import Spec
from shapetypes.runtime.nodes import (
    ANY,
    NONE,
    ClassNode,
    DimNode,
    HintNode,
    ItemsNode,
    MapNode,
    Node,
    RecordNode,
    TensorNode,
    TreeNode,
    TupleNode,
    UnionNode,
    has_shapes,
    walk,
)
from shapetypes.runtime.resolve import FUNCTIONS, Pending, evaluate
from shapetypes.runtime.trees import is_placed

_ITEMS = frozenset(
    {
        list, set, frozenset, cabc.Sequence, cabc.MutableSequence, cabc.Collection, cabc.Set, cabc.MutableSet,
        cabc.KeysView, cabc.ValuesView, type({}.values()), __import__("collections").deque,
    }
)  # fmt: skip
_WRAPPERS = frozenset(
    {typing.Final, typing.ClassVar, getattr(typing, "Required", None), getattr(typing, "NotRequired", None)}
)
_TOWER = {float: (int,), complex: (int, float)}
_MISSING = object()
DEFAULT_FACTORY = "_HAS_DEFAULT_FACTORY_CLASS"
"""The class of what stands in a dataclass's `__init__` for a default that it makes itself."""


def build(hint: Any) -> Node:
    """The plan for a hint whose strings are resolved.

    Raises:
        AnnotationError: a shape string in it cannot be read, or it is no hint.
    """
    if hint is None or hint is type(None):
        return NONE
    if hint is Any or hint is object or isinstance(hint, (TypeVar, ForwardRef, str)):
        return _type_variable(hint) if isinstance(hint, TypeVar) else _not_resolved(hint)
    if is_tensor_hint(hint):
        return _tensor(hint)
    origin = typing.get_origin(hint)
    if origin is not None:
        return _generic(hint, origin, typing.get_args(hint))
    if isinstance(hint, typing.NewType):
        return build(hint.__supertype__)
    if isinstance(hint, type):
        return _class(hint)
    if hasattr(hint, "__value__"):  # `type X = ...`
        return build(hint.__value__)
    if isinstance(hint, dataclasses.InitVar):
        return build(hint.type)
    return _other(hint)


def is_tensor_hint(hint: object) -> bool:
    """Whether this is a jaxtyping class such as `Float[Tensor, "b t"]`, by its form: jaxtyping need not be loaded."""
    return (
        isinstance(hint, type) and hasattr(hint, "dim_str") and hasattr(hint, "dtypes") and hasattr(hint, "array_type")
    )


def _not_resolved(hint: object) -> Node:
    if isinstance(hint, (str, ForwardRef)):
        text = hint if isinstance(hint, str) else hint.__forward_arg__
        raise AnnotationError(fault=Fault("unresolved-annotation", "unresolved", got=text))
    return ANY


def _type_variable(hint: TypeVar) -> Node:
    if hint.__constraints__:
        return union(tuple(_bound(hint, c) for c in hint.__constraints__))
    return _bound(hint, hint.__bound__) if hint.__bound__ is not None else ANY


def _bound(variable: TypeVar, hint: Any) -> Node:
    """What a type variable is bound by; a class that does not exist yet is not checked."""
    if isinstance(hint, ForwardRef):
        names = getattr(sys.modules.get(variable.__module__), "__dict__", {})
        try:
            return build(evaluate(hint, names, {}, variable.__module__, last=False))
        except Pending:
            return ANY
    return build(hint)


# -- tensors ----------------------------------------------------------------------------------------------------------


def _tensor(hint: Any) -> Node:
    names, patterns = _dtypes(hint)
    array = hint.array_type
    accepted = () if array is Any else (array,)
    return TensorNode(tensor_axes(hint.dim_str), accepted, names, patterns, hint.dtype.__name__)


def tensor_axes(text: str) -> Spec:
    """The axes of an annotation; axes that jaxtyping ties to a place in a tree (`?n`) are not compared."""
    spec = parse_axes(text)
    if "?" not in text:
        return spec
    kept = tuple(
        dataclasses.replace(axis, kind=sp.VAR if axis.kind == sp.VAR else sp.ANY, name="")
        if is_placed(axis) and axis.kind in (sp.NAME, sp.VAR)
        else axis
        for axis in spec.axes
    )
    return Spec(kept, spec.text)


def _dtypes(hint: Any) -> tuple[DTypes, tuple[re.Pattern[str], ...]]:
    own: Any = hint.dtype
    if not isinstance(hint.dtypes, (tuple, list)):
        return None, ()
    if own.__module__ == "jaxtyping" and own.__name__ in GROUPS and hint.dtypes == own.dtypes:
        return GROUPS[own.__name__], ()
    names = frozenset(canonical(name) for name in hint.dtypes if isinstance(name, str))
    return names, tuple(p for p in hint.dtypes if isinstance(p, re.Pattern))


# -- everything else --------------------------------------------------------------------------------------------------


def _class(hint: type) -> Node:
    if is_record(hint):
        return RecordNode(hint) if record_has_shapes(hint) else _plain_class(hint)
    if _is_pytree(hint):
        tree = hasattr(hint, "leaftype")
        return TreeNode(build(hint.leaftype), hint.structure or "") if tree else ANY  # type: ignore[attr-defined]
    return _plain_class(hint)


def _plain_class(hint: type) -> Node:
    if typing.is_typeddict(hint) or getattr(hint, "_is_protocol", False) or hint is type:
        return _other(hint)
    try:
        isinstance(None, hint)
    except TypeError:  # a class that does not let itself be asked
        return ANY
    return ClassNode(hint, _TOWER.get(hint, ()))


def _is_pytree(hint: type) -> bool:
    # By name: jaxtyping's own module for trees needs JAX.
    return type(hint).__name__ == "_MetaPyTree" and type(hint).__module__.startswith("jaxtyping")


def _generic(hint: Any, origin: Any, args: tuple[Any, ...]) -> Node:
    if origin is Annotated:
        return _annotated(hint)
    if origin in (Union, types.UnionType):
        return union(tuple(build(arg) for arg in args))
    if origin in _WRAPPERS or hint in _WRAPPERS:
        return build(args[0]) if args else ANY
    if origin is Literal or origin is type:
        return HintNode(hint)
    if hasattr(origin, "__value__"):
        return build(hint.__value__)
    node = _container(hint, origin, args)
    return node if has_shapes(node) else _other(hint)


def _container(hint: Any, origin: Any, args: tuple[Any, ...]) -> Node:
    if origin is tuple:
        if len(args) == 2 and args[1] is Ellipsis:
            return ItemsNode(tuple, build(args[0]))
        return TupleNode(tuple(build(arg) for arg in args if arg != ()))
    if origin in _ITEMS and len(args) == 1:
        return ItemsNode(origin, build(args[0]))
    if isinstance(origin, type) and issubclass(origin, cabc.Mapping) and len(args) == 2:
        return MapNode(origin, build(args[0]), build(args[1]))
    if isinstance(origin, type) and is_record(origin):
        return RecordNode(origin) if record_has_shapes(origin) else ClassNode(origin)
    if isinstance(origin, type) and issubclass(origin, cabc.Sequence) and len(args) == 1:
        return ItemsNode(origin, build(args[0]))
    return HintNode(hint)


def _annotated(hint: Any) -> Node:
    inner = hint.__origin__
    for mark in hint.__metadata__:
        if isinstance(mark, DimMark):
            return _dim(inner, mark)
        if isinstance(mark, RuleMark):
            break
    return build(inner)


def _dim(inner: Any, mark: DimMark) -> Node:
    options = typing.get_args(inner) if typing.get_origin(inner) in (Union, types.UnionType) else (inner,)
    optional = type(None) in options
    kept = [option for option in options if option is not type(None)]
    many = [typing.get_origin(option) in (tuple, list) or option in (tuple, list) for option in kept]
    node: Node = DimNode(parse_axes(mark.text, several=False), many=bool(many) and all(many))
    if any(many) and not all(many):  # int | tuple[int, ...]: an int stands for every axis
        return union((*((NONE,) if optional else ()), ClassNode(int), DimNode(parse_axes(mark.text), many=True)))
    return union((NONE, node)) if optional else node


def union(options: tuple[Node, ...]) -> Node:
    """One of several plans: nested unions flattened, tensors that differ in their array type alone made one."""
    flat: list[Node] = []
    for option in options:
        for one in option.options if isinstance(option, UnionNode) else (option,):
            _add_option(flat, one)
    if ANY in flat:
        return ANY
    return flat[0] if len(flat) == 1 else UnionNode(tuple(flat))


def _add_option(flat: list[Node], one: Node) -> None:
    for i, other in enumerate(flat):
        if other == one:
            return
        if isinstance(one, TensorNode) and isinstance(other, TensorNode) and _alike(one, other):
            accepted = (*other.types, *one.types) if other.types and one.types else ()
            flat[i] = dataclasses.replace(other, types=accepted)
            return
    flat.append(one)


def _alike(a: TensorNode, b: TensorNode) -> bool:
    return (a.spec, a.dtypes, a.patterns, a.group) == (b.spec, b.dtypes, b.patterns, b.group)


def _other(hint: Any) -> Node:
    """A hint for beartype, which is asked whether it is one at all."""
    if hint in (typing.Self, getattr(typing, "NoReturn", None), getattr(typing, "Never", None)) or isinstance(
        hint, (typing.ParamSpecArgs, typing.ParamSpecKwargs)
    ):
        return ANY
    if typing.get_origin(hint) is getattr(typing, "Unpack", _MISSING):
        return ANY
    # `any`, or `float` in a class that has a method of this name: no hint, but no shape is meant either.
    if isinstance(hint, FUNCTIONS):
        return ANY
    from shapetypes.runtime.values import refused_by_beartype

    reason, is_hint = refused_by_beartype(hint)
    if not is_hint and typing.get_origin(hint) is None:
        detail = "it is no type hint"
        raise AnnotationError(fault=Fault("unresolved-annotation", "unresolved", got=str(hint), detail=detail))
    # A hint that cannot be checked at run time, such as a protocol without `@runtime_checkable`, is none of our faults.
    return ANY if reason else HintNode(hint)


# -- records ----------------------------------------------------------------------------------------------------------


def is_record(cls: object) -> bool:
    """Whether a class is a NamedTuple, a TypedDict or a dataclass."""
    if not isinstance(cls, type):
        return False
    return typing.is_typeddict(cls) or dataclasses.is_dataclass(cls) or _is_named_tuple(cls)


def _is_named_tuple(cls: type) -> bool:
    return issubclass(cls, tuple) and hasattr(cls, "_fields") and bool(getattr(cls, "__annotations__", None))


_PLANNING: set[type] = set()
_FIELDS: dict[type, dict[str, Node]] = {}


def record_fields(cls: type) -> dict[str, Node]:
    """The plans of a record's annotated fields, by name.

    Raises:
        AnnotationError: an annotation cannot be read or resolved.
    """
    found = _FIELDS.get(cls)
    if found is None:
        from shapetypes.runtime.resolve import class_hints

        hints = class_hints(cls)
        names = [f.name for f in dataclasses.fields(cls)] if dataclasses.is_dataclass(cls) else list(hints)
        found = {name: build(hints[name]) for name in names if name in hints}
        found = {name: node for name, node in found.items() if has_shapes(node)}
        _FIELDS[cls] = found
    return found


def record_has_shapes(cls: type) -> bool:
    """Whether a field of the record is a tensor; a class that refers to itself counts as having one."""
    if cls in _PLANNING:
        return True
    _PLANNING.add(cls)
    try:
        return bool(record_fields(cls))
    except AnnotationError:
        # A record of somebody else's, met as a parameter: its own annotations are not this function's business.
        return False
    finally:
        _PLANNING.discard(cls)


def share_records(nodes: list[Node]) -> list[Node]:
    """Let each record class that stands once in a signature share the signature's names."""
    seen: dict[type, int] = {}
    for node in nodes:
        for one in walk(node):
            if isinstance(one, RecordNode):
                several = any(isinstance(n, (ItemsNode, MapNode, TreeNode)) and one in walk(n) for n in walk(node))
                seen[one.cls] = seen.get(one.cls, 0) + 1 + several
    return [_shared(node, {cls for cls, count in seen.items() if count == 1}) for node in nodes]


def _shared(node: Node, once: set[type]) -> Node:
    if isinstance(node, RecordNode):
        return dataclasses.replace(node, shares=node.cls in once)
    if isinstance(node, UnionNode):
        return UnionNode(tuple(_shared(option, once) for option in node.options))
    if isinstance(node, TupleNode):
        return TupleNode(tuple(_shared(item, once) for item in node.items))
    return node
