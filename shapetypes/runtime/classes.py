"""`@shapecheck` on a class: its methods, its construction, and what is assigned to its annotated attributes."""

from __future__ import annotations

import dataclasses
import inspect
import sys
import types
import typing
from typing import Any

from shapetypes.core.fault import AnnotationError
from shapetypes.core.scope import Scope
from shapetypes.runtime import decorate, explain, report, scopes
from shapetypes.runtime.attributes import attribute_function
from shapetypes.runtime.nodes import Node, has_shapes
from shapetypes.runtime.plan import build, is_tensor_hint
from shapetypes.runtime.resolve import Surroundings, class_hints

_MARK = "__shapetypes_class__"


def check_class(cls: type, frame: types.FrameType | None) -> type:
    """Check a class: every method defined in it, construction, and assignment to attributes that it annotates.

    Raises:
        AnnotationError: an annotation cannot be read.
    """
    if _MARK in cls.__dict__ or typing.is_typeddict(cls):
        return cls
    around = Surroundings(frame, f"{cls.__qualname__}._")
    around.extra = dict(vars(cls))
    for name, member in list(vars(cls).items()):
        checked = _member(name, member, frame, cls)
        if checked is not member:
            setattr(cls, name, checked)
    if any(_may_be_shapes(hint) for hint in _own_hints(cls).values()) and not issubclass(cls, tuple):
        _check_assignment(cls, _Attributes(cls, around))
    setattr(cls, _MARK, True)
    return cls


def _member(name: str, member: Any, frame: types.FrameType | None, cls: type) -> Any:
    if isinstance(member, (staticmethod, classmethod)):
        inner = member.__func__
        return type(member)(_method(inner, frame, cls, False)) if isinstance(inner, types.FunctionType) else member
    if isinstance(member, property):
        parts = [f and _method(f, frame, cls, True) for f in (member.fget, member.fset, member.fdel)]
        return property(parts[0], parts[1], parts[2], member.__doc__) if parts != _parts(member) else member
    if isinstance(member, types.FunctionType):
        return _method(member, frame, cls, name not in ("__new__", "__init_subclass__", "__class_getitem__"))
    return member


def _parts(member: property) -> list[Any]:
    return [member.fget, member.fset, member.fdel]


def _method(fn: Any, frame: types.FrameType | None, cls: type, method: bool) -> Any:
    beside = dict(vars(cls))
    home = getattr(sys.modules.get(cls.__module__), "__dict__", {})
    if getattr(fn, "__globals__", home) is not home:  # a NamedTuple's `__new__` has globals of its own
        beside = {**home, **beside}
    return decorate.check_callable(fn, frame, method, beside)


def _own_hints(cls: type) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for base in reversed(cls.__mro__[:-1]):
        out.update(inspect.get_annotations(base))
    return out


def _may_be_shapes(hint: Any) -> bool:
    """Whether an annotation, as it stands, may turn out to be one of shapes."""
    if isinstance(hint, str):
        return "[" in hint or hint.isidentifier()
    if is_tensor_hint(hint):
        return True
    return any(_may_be_shapes(arg) for arg in typing.get_args(hint) if not isinstance(arg, str)) or "Dim(" in str(hint)


class _Attributes:
    """The plans of a class's annotated attributes, made when the first one is assigned."""

    def __init__(self, cls: type, around: Surroundings) -> None:
        self.cls = cls
        self.around = around
        self.plans: dict[str, Node] | None = None
        self.checks: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        """The check of one attribute; None if it has no shape.

        Raises:
            AnnotationError: an annotation cannot be resolved.
        """
        if self.plans is None:
            self.plans = self._make()
            self.checks = {key: attribute_function(self.cls, key, node) for key, node in self.plans.items()}
        return self.checks.get(name)

    def _make(self) -> dict[str, Node]:
        try:
            nodes = {name: build(hint) for name, hint in class_hints(self.cls, self.around).items()}
        except AnnotationError as error:
            if error.fault is None:
                raise
            raise report.annotation_error(error.fault.but(subject=self.cls.__qualname__), None) from None
        self.around.forget()
        return {name: node for name, node in nodes.items() if has_shapes(node)}

    @property
    def all(self) -> dict[str, Node]:
        """Every plan."""
        self.get("")
        return self.plans or {}


def _check_assignment(cls: type, attributes: _Attributes) -> None:
    """Check what is assigned to annotated attributes. What the dataclass's own `__init__` assigns is checked there."""
    built = dataclasses.is_dataclass(cls) and "__init__" in vars(cls)
    if built and cls.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        return
    first = frozenset(f.name for f in dataclasses.fields(cls) if f.init) if built else frozenset()
    if not built and "__init__" not in vars(cls):
        _check_before_post_init(cls, attributes)
    inherited: Any = cls.__setattr__
    plain = inherited is object.__setattr__

    def assign(self: Any, name: str, value: Any) -> None:
        __tracebackhide__ = True
        # A dataclass's first assignment comes from its `__init__`.
        if not (name in first and name not in self.__dict__):
            check = attributes.get(name)
            if check is not None:
                check(self, value)
        if plain:
            object.__setattr__(self, name, value)  # Dynamo knows it only by this spelling
        else:
            inherited(self, name, value)

    if built and "__slots__" in vars(cls):
        return
    assign.__name__, assign.__qualname__ = "__setattr__", f"{cls.__qualname__}.__setattr__"
    cls.__setattr__ = assign  # type: ignore[assignment, method-assign]


def _check_before_post_init(cls: type, attributes: _Attributes) -> None:
    """For a class that `@dataclass`, standing above, is yet to make one: its fields are checked together at the end."""
    after = vars(cls).get("__post_init__")

    def check(self: Any, *given: Any) -> None:
        __tracebackhide__ = True
        entries = [(n, node, getattr(self, n)) for n, node in attributes.all.items() if hasattr(self, n)]
        frame = scopes.user_frame(sys._getframe(1))
        fault, _ = explain.check(entries, Scope(), f"{cls.__name__}()")
        error = None if fault is None else report.error_for(fault, frame, (), report.mode() == "warn")
        if error is not None:
            raise error
        if after is not None:
            after(self, *given)

    cls.__post_init__ = check  # type: ignore[attr-defined]
