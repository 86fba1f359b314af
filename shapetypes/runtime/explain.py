"""The slow path: interprets a plan on trial scopes and says what does not fit. It decides; the fast path only hurries.

Values are worked through in order; names are bound as they come, expressions are checked last. Where several options
of a union fit by themselves, the first is tried, and the others if something later contradicts it.
"""

from __future__ import annotations

import collections.abc as cabc
import dataclasses
import typing
from collections.abc import Callable, Iterable
from typing import Any, Final

from shapetypes.core import dim as d
from shapetypes.core.fault import Fault, Operand
from shapetypes.core.judge import Judge
from shapetypes.core.match import Matcher
from shapetypes.core.scope import Scope
from shapetypes.core.shape import TensorSpec, Unknown, show_dtype, show_shape
from shapetypes.runtime import trees, values
from shapetypes.runtime.nodes import (
    AnyNode,
    ClassNode,
    DimNode,
    HintNode,
    ItemsNode,
    MapNode,
    Node,
    NoneNode,
    RecordNode,
    TensorNode,
    TreeNode,
    TupleNode,
    UnionNode,
)
from shapetypes.runtime.plan import DEFAULT_FACTORY, record_fields

Entry = tuple[str, Node, Any]
Hole = Callable[[str], Any]

_TRIES: Final = 256
"""How often alternatives of unions are taken up again in one check, at most."""


def check(
    entries: Iterable[Entry],
    scope: Scope,
    subject: str,
    hole: Hole | None = None,
    before: Iterable[Operand] = (),
    what: str = "argument",
) -> tuple[Fault | None, Matcher]:
    """Match values with their nodes; new names are bound in `scope`, so give it a trial.

    Args:
        entries: Label, node and value of each argument (or result).
        scope: The names.
        subject: The function as a person knows it, `attn()`.
        hole: Gives the value of a `{...}`.
        before: Tensors matched earlier, for the table of shapes.
        what: The kind of origin that new names get.

    Returns:
        The first fault or None, and the matcher with its operands and unbound names.
    """
    search = _Search(Matcher(scope, Judge(), subject, _sized(hole), what))
    search.matcher.operands += before
    return search.run(list(entries)), search.matcher


def _sized(hole: Hole | None) -> Hole | None:
    if hole is None:
        return None

    def size(source: str) -> Any:
        found = values.size(hole(source))
        return d.unknown(found.reason) if isinstance(found, Unknown) else found

    return size


class _Search:
    """Works through entries, with a stack of choices to return to."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        self.todo: list[Entry] = []
        self.choices: list[tuple[Any, list[Entry], list[Entry]]] = []
        self.tries = 0

    def run(self, entries: list[Entry]) -> Fault | None:
        """The fault that got furthest, or None."""
        self.todo = entries[::-1]
        found: Fault | None = None
        while True:
            fault = self._advance()
            if fault is None:
                return None
            found = fault if found is None or _reach(fault) > _reach(found) else found
            if not self._take_up():
                return found

    def _advance(self) -> Fault | None:
        while self.todo:
            fault = self._step(*self.todo.pop())
            if fault is not None:
                return fault
        return self.matcher.finish()

    def _take_up(self) -> bool:
        """Go back to the last choice that has an option left."""
        self.tries += 1
        while self.choices and self.tries <= _TRIES:
            saved, todo, options = self.choices[-1]
            if options:
                self.matcher.restore(saved)
                self.todo = [*todo, options.pop(0)]
                return True
            self.choices.pop()
        return False

    def _step(self, label: str, node: Node, value: Any) -> Fault | None:
        if isinstance(node, AnyNode) or values.is_placeholder(value):
            return None
        if isinstance(node, TensorNode):
            return self._tensor(label, node, value)
        if isinstance(node, DimNode):
            return self._dim(label, node, value)
        if isinstance(node, UnionNode):
            return self._union(label, node, value)
        if isinstance(node, RecordNode):
            return self._record(label, node, value)
        if isinstance(node, TreeNode):
            entries, tree = trees.leaves(label, node, value, shallow)
            self._push(entries)
            return trees.structure_fault(label, node, tree, self.matcher.scope, self.matcher.subject)
        if not shallow(node, value):
            return self._type(label, value, name_of(node))
        self._push(_inside(label, node, value))
        return None

    def _push(self, entries: list[Entry]) -> None:
        self.todo += entries[::-1]

    # -- leaves -------------------------------------------------------------------------------------------------

    def _tensor(self, label: str, node: TensorNode, value: Any) -> Fault | None:
        if not values.fits_type(value, node):
            return self._type(label, value, name_of(node))
        spec = values.describe(value)
        dtypes = node.dtypes
        if _matches(spec, node):
            dtypes = None
        return self.matcher.take(label, node.spec, spec, dtypes, node.group)

    def _dim(self, label: str, node: DimNode, value: Any) -> Fault | None:
        sizes = _integers(value, node)
        if sizes is None:
            return self._type(label, value, "tuple[int, ...]" if node.many else "int")
        scope, before = self.matcher.scope, len(self.matcher.operands)
        fresh = [name for name in node.spec.names if scope.get(name) is None]
        fault = self.matcher.take(label, node.spec, TensorSpec(sizes))
        if fault is None:
            del self.matcher.operands[before:]
            for name in fresh:  # an integer has no axes
                found = scope.get(name)
                if found is not None:
                    scope.bind(name, found.size, dataclasses.replace(found.origin, axis=None), found.broadcast)
            return None
        return _as_value(fault, node)

    def _type(self, label: str, value: Any, want: str) -> Fault:
        got = type_name(value)
        return Fault(
            "dtype-mismatch", "type", self.matcher.subject, label, got=got, want=want, detail=_seen(value),
            operands=tuple(self.matcher.operands),
        )  # fmt: skip

    # -- alternatives and records -------------------------------------------------------------------------------

    def _union(self, label: str, node: UnionNode, value: Any) -> Fault | None:
        fitting = [option for option in node.options if shallow(option, value)]
        if not fitting:
            closest = [o for o in node.options if isinstance(o, TensorNode) and values.fits_type(value, o)]
            if len(closest) == 1:
                return self._step(label, closest[0], value)
            return self._type(label, value, name_of(node))
        first, *others = fitting
        if others:
            rest: list[Entry] = [(label, option, value) for option in others]
            self.choices.append((self.matcher.save(), list(self.todo), rest))
        self._push([(label, first, value)])
        return None

    def _record(self, label: str, node: RecordNode, value: Any) -> Fault | None:
        if not shallow(node, value):
            return self._type(label, value, name_of(node))
        entries = list(record_entries(label, node.cls, value))
        if node.shares:
            self._push(entries)
            return None
        return check(entries, Scope(), self.matcher.subject)[0]


def record_entries(label: str, cls: type, value: Any) -> Iterable[Entry]:
    """The annotated fields of a record, those that it has."""
    keyed = typing.is_typeddict(cls)
    for name, node in record_fields(cls).items():
        if keyed and name in value:
            yield f"{label}[{name!r}]", node, value[name]
        elif not keyed and hasattr(value, name):
            yield f"{label}.{name}" if label else name, node, getattr(value, name)


def _inside(label: str, node: Node, value: Any) -> list[Entry]:
    """The items of a container, once its class is right."""
    if isinstance(node, TupleNode):
        return [(f"{label}[{i}]", n, v) for i, (n, v) in enumerate(zip(node.items, value, strict=True))]
    if isinstance(node, ItemsNode) and isinstance(value, cabc.Collection):
        return [(f"{label}[{i}]", node.item, v) for i, v in enumerate(value)]
    if isinstance(node, MapNode):
        keys: list[Entry] = [(f"{label}[{k!r}]", node.key, k) for k in value]
        return keys + [(f"{label}[{k!r}]", node.value, v) for k, v in value.items()]
    return []


def shallow(node: Node, value: Any) -> bool:
    """Whether a value may fit a node, names and what is inside apart."""
    if isinstance(node, (AnyNode, TreeNode)):
        return True
    if isinstance(node, NoneNode):
        return value is None
    if isinstance(node, TensorNode):
        return _tensor_may_fit(node, value)
    if isinstance(node, DimNode):
        return _integers(value, node) is not None
    if isinstance(node, ClassNode):
        return isinstance(value, (node.cls, *node.also))
    if isinstance(node, HintNode):
        return values.bearable(value, node.hint)
    if isinstance(node, UnionNode):
        return any(shallow(option, value) for option in node.options)
    if isinstance(node, TupleNode):
        return isinstance(value, tuple) and len(value) == len(node.items)
    if isinstance(node, RecordNode):
        return isinstance(value, cabc.Mapping) if typing.is_typeddict(node.cls) else isinstance(value, node.cls)
    if isinstance(node, ItemsNode) and isinstance(value, (str, bytes)):
        return False
    return isinstance(value, node.cls)


def _tensor_may_fit(node: TensorNode, value: Any) -> bool:
    if values.is_placeholder(value):
        return True
    if not values.fits_type(value, node):
        return False
    spec = values.describe(value)
    if isinstance(spec.dtype, str) and not _dtype_fits(spec, node):
        return False
    rank, axes = spec.rank, node.spec.axes
    if rank is None:
        return True
    return rank >= len(axes) - 1 if node.spec.variadic is not None else rank == len(axes)


def _dtype_fits(spec: TensorSpec, node: TensorNode) -> bool:
    return node.dtypes is None or spec.dtype in node.dtypes or _matches(spec, node)


def _matches(spec: TensorSpec, node: TensorNode) -> bool:
    return isinstance(spec.dtype, str) and any(p.match(spec.dtype) for p in node.patterns)


def _integers(value: Any, node: DimNode) -> tuple[Any, ...] | None:
    if not node.many:
        one = values.integer(value)
        return None if one is None else (one,)
    if not isinstance(value, (tuple, list)):
        return None
    sizes = tuple(values.integer(item) for item in value)
    return None if None in sizes else sizes


def _as_value(fault: Fault, node: DimNode) -> Fault:
    """The fault of an integer: it has no axes."""
    operands = fault.operands[:-1]
    if fault.kind == "rank":
        return fault.but(kind="count", got=len(fault.got), want=len(node.spec.axes), name="sizes", operands=operands)
    if node.many:
        return fault.but(
            operands=operands, argument=f"{fault.argument}[{fault.axis}]", axis=None, kind="value", name=None
        )
    return fault.but(kind="value", axis=None, name=None, operands=operands)


_REACH = {"type": 0, "dtype": 1, "rank": 2, "count": 2}


def _reach(fault: Fault) -> int:
    """How far a check got before it failed: of several alternatives the closest one is told."""
    return _REACH.get(fault.kind, 3)


def _is_marker(node: Node) -> bool:
    """Whether this stands for a default that a dataclass makes itself: nothing that a person writes."""
    return isinstance(node, ClassNode) and node.cls.__name__ == DEFAULT_FACTORY


# -- names ------------------------------------------------------------------------------------------------------------


def type_name(value: Any) -> str:
    """A value's class as a person writes it; its value is never shown."""
    if value is None:
        return "None"
    cls = type(value)
    return f"type[{value.__name__}]" if isinstance(value, type) else cls.__name__


def _seen(value: Any) -> str:
    """Shape and dtype of what should have been something else."""
    if not values.is_tensor_like(value):
        return ""
    spec = values.describe(value)
    return f"{show_dtype(spec.dtype)} {show_shape(spec.shape)}" if spec.shape is not None else ""


def name_of(node: Node) -> str:
    """A node as the user wrote it, or close to it."""
    if isinstance(node, TensorNode):
        array = " | ".join(getattr(cls, "__name__", str(cls)) for cls in node.types) or "Any"
        return f'{node.group}[{array}, "{node.spec.text}"]'
    if isinstance(node, NoneNode):
        return "None"
    if isinstance(node, DimNode):
        return "tuple[int, ...]" if node.many else "int"
    if isinstance(node, (ClassNode, RecordNode)):
        return node.cls.__name__
    if isinstance(node, HintNode):
        return str(node.hint).replace("typing.", "")
    if isinstance(node, UnionNode):
        return " | ".join(name_of(option) for option in node.options if not _is_marker(option))
    if isinstance(node, TupleNode):
        return f"tuple[{', '.join(map(name_of, node.items))}]"
    if isinstance(node, ItemsNode):
        dots = ", ..." if node.cls is tuple else ""
        return f"{node.cls.__name__}[{name_of(node.item)}{dots}]"
    if isinstance(node, MapNode):
        return f"{node.cls.__name__}[{name_of(node.key)}, {name_of(node.value)}]"
    return "Any"
