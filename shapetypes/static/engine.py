"""The engine's state for one check: what was found, the budget, and the frames of functions being judged."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from shapetypes.core.dim import RIGID, Atom, Dim, Poly, fixed, is_unknown, numbering
from shapetypes.core.fault import LINTS, Diagnostic, Fault, Note, Origin, Place
from shapetypes.core.judge import Judge
from shapetypes.core.scope import Scope
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops.stubs import Stubs
from shapetypes.static.annotations import Annotations, Contract, place_of
from shapetypes.static.join import State
from shapetypes.static.modules import ClassInfo, Finder, Module
from shapetypes.static.names import Names
from shapetypes.static.values import Func, PyList, Range, Symbol

STEPS_PER_FUNCTION = 60_000
STEPS_OF_CALLS = 30_000
"""A function that has taken so many steps follows no more calls: what they return is what they declare."""
DEPTH = 7


class OutOfBudget(Exception):
    """A function takes too many steps to judge: coverage is lost, nothing is said."""


class Shared:
    """What the checks of several files of one project have in common: it depends on the modules alone."""

    def __init__(self) -> None:
        self.instances: dict[str, Any] = {}
        self.sized: dict[str, frozenset[str]] = {}
        self.contracts: dict[int, Any] = {}
        self.equations: dict[tuple[str, bool], list[tuple[Any, Any]]] = {}


class Engine:
    """What is shared by all functions of one check.

    Args:
        finder: The project's modules.
        stubs: The op database.
        strict: Whether inferred requirements are reported as notes.
    """

    def __init__(self, finder: Finder, stubs: Stubs, strict: bool = False, shared: Shared | None = None) -> None:
        self.finder = finder
        self.stubs = stubs
        self.names = Names(finder, stubs)
        self.strict = strict
        self.steps = 0
        self.guarded = 0
        self.undecorated: dict[int, tuple[ast.AST, Func]] = {}
        self.selected: dict[int, tuple[TensorSpec, Any]] = {}
        self.called: dict[int, tuple[Any, Any, Any]] = {}
        self.first_calls: dict[int, tuple[Any, Any, Any]] = {}
        self.counters: dict[Atom, Range] = {}
        self.outputs: dict[int, tuple[Any, str]] = {}
        self.stretched: dict[int, tuple[TensorSpec, Fault, Frame, ast.AST]] = {}
        self.found: list[Diagnostic] = []
        self.sinks: list[list[Diagnostic]] = []
        self.errors = 0  # faults found so far, also those that are not kept
        self.reasons: Counter[str] = Counter()
        self.lacking: dict[str, tuple[int, Place]] = {}
        self.known = 0
        self.full = 0
        self.unknown = 0
        self.counted: set[int] = set()
        self.counted_lacks: set[tuple[int, str]] = set()
        shared = shared or Shared()
        self.instances = shared.instances
        self.sized = shared.sized
        self.globals_running: set[tuple[str, str]] = set()
        self.contracts = shared.contracts
        self.equations = shared.equations
        self.local: dict[tuple[str, bool], list[tuple[Any, Any]]] = {}
        self.flat: dict[int, tuple[TensorSpec, TensorSpec]] = {}
        self.inputs: dict[int, tuple[TensorSpec, str, Place | None]] = {}
        self.checked_path: str | None = None
        self.checked: Module | None = None
        self._in_sight: dict[str, list[ClassInfo]] | None = None
        self.agreed: dict[Place, bool] = {}
        self.met: dict[tuple[int, int, str], bool] = {}
        self.asked: set[tuple[str, int]] = set()
        self.recasting: dict[int, bool] = {}

    def start(self) -> None:
        """Begin with another function: it has a budget of its own."""
        self.steps = 0
        self.guarded = 0
        self.local.clear()

    @contextmanager
    def aside(self, name: str) -> Iterator[None]:
        """Work out something that several functions ask for: it must not depend on which of them asks first."""
        steps, self.steps = self.steps, 0
        local, self.local = self.local, self.equations
        try:
            with numbering(name):
                yield
        finally:
            self.steps, self.local = steps, local

    def with_method(self, name: str, beside: Module) -> list[ClassInfo]:
        """The classes that have a method of their own by this name.

        In sight are the module being checked, those that it imports itself, and the one beside: which others have
        been read so far must not matter.
        """
        if self._in_sight is None:
            self._in_sight = {}
            for module in self._seen_modules():
                for info in module.classes:
                    for method in info.methods:
                        self._in_sight.setdefault(method, []).append(info)
        found = self._in_sight.get(name, [])
        return found + [c for c in beside.classes if name in c.methods and c not in found]

    def _seen_modules(self) -> list[Module]:
        if self.checked is None:
            return []
        found = [self.checked]
        for name in sorted(self.checked.imports):
            module = self.finder.module(name) if not self.stubs.exists(name) else None
            if module is not None and module not in found:
                found.append(module)
        return found

    def equate(self, key: str, holds: bool, sizes: list[tuple[Any, Any]]) -> None:
        """Keep which sizes are equal where a condition holds, or does not."""
        self.local[key, holds] = sizes

    def equal_where(self, key: str, holds: bool) -> list[tuple[Any, Any]]:
        """The sizes that are equal where a condition holds, or does not."""
        found = self.local.get((key, holds))
        return self.equations.get((key, holds), []) if found is None else found

    def tick(self) -> None:
        """Count a step.

        Raises:
            OutOfBudget: the function has had all its steps.
        """
        self.steps += 1
        if self.steps > STEPS_PER_FUNCTION:
            raise OutOfBudget

    @contextmanager
    def capture(self) -> Iterator[list[Diagnostic]]:
        """Collect what is reported inside instead of reporting it."""
        sink: list[Diagnostic] = []
        self.sinks.append(sink)
        try:
            yield sink
        finally:
            self.sinks.pop()

    def add(self, diagnostic: Diagnostic) -> None:
        """Report, or hand to whoever captures; one mistake is told once, where an expression holds a faulty one."""
        self.errors += diagnostic.severity == "error"
        found = self.sinks[-1] if self.sinks else self.found
        if not any(d.severity == "error" and _within(d.place, diagnostic.place) for d in found):
            found.append(diagnostic)


def _within(inner: Place, outer: Place) -> bool:
    """Whether one span is a part of the other, and not all of it."""
    if inner.file != outer.file or inner == outer:
        return False
    starts = (outer.line, outer.column) <= (inner.line, inner.column)
    return starts and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)


class Call:
    """Where a function was called from, for notes and for faults in other files."""

    __slots__ = ("frame", "node")

    def __init__(self, frame: Frame, node: ast.AST) -> None:
        self.frame = frame
        self.node = node


class Loop:
    """The paths that leave a loop body early."""

    __slots__ = ("breaks", "continues")

    def __init__(self) -> None:
        self.breaks: list[State] = []
        self.continues: list[State] = []


class Passed(NamedTuple):
    """Where a parameter's value comes from: a local name of the caller, as it was at the call."""

    name: str
    owner: str
    version: int


class Frame:
    """One function being judged or followed into.

    Attributes:
        own: Whether this is the function's own run, in which its annotations are judged.
        scope: The names of its annotations with their sizes.
        owner: The owner of the rigid atoms of its annotations.
        result: What its return annotation declares.
        returns: The values that were returned, each with its path.
        chain: The calls that led here, outermost first.
        given: The arguments as they are at the start.
        used_as_tensor: Parameters that are passed where an op takes a tensor; only with `--strict`.
        passed: The parameters of a followed call that got what a name of the caller holds.
        rebound: Names that nested functions assign.
        recast: Whether a layer may have got another dtype than it was made with.
    """

    def __init__(
        self, engine: Engine, module: Module, func: Func | None, state: State, chain: tuple[Call, ...] = ()
    ) -> None:
        self.engine = engine
        self.module = module
        self.func = func
        self.state = state
        self.chain = chain
        self.own = not chain
        self.scope = Scope()
        # The line with zeros before it: owners are ordered as they stand in the file.
        self.owner = f"{module.name}:{func.node.lineno if func else 0:06}:{func.name if func else ''}"
        self.result: Contract | None = None
        self.returns: list[tuple[Any, State, ast.AST | None]] = []
        self.loops: list[Loop] = []
        self.rebound: frozenset[str] = frozenset()
        self.recast = False
        self.muted = 0
        self.in_init = func is not None and func.name.endswith("__init__")
        self.self_value: Any = None
        self.closures: dict[str, Any] | None = func.closure if func else None
        self.passed: dict[str, Passed] = {}
        self.squeezed: dict[int, tuple[TensorSpec, ast.AST]] = {}
        self.repeated: frozenset[str] = frozenset()
        self.is_generator = False
        self.yielded: list[Any] = []
        self.declared: dict[str, Contract] = {}
        self.given: dict[str, Any] = {}
        self.used_as_tensor: set[str] = set()
        self.provisional: list[tuple[Diagnostic, Callable[[Frame, Judge], bool]]] = []

    @property
    def names(self) -> Names:
        """What names stand for."""
        return self.engine.names

    @property
    def stubs(self) -> Stubs:
        """The op database."""
        return self.engine.stubs

    @property
    def info(self) -> ClassInfo | None:
        """The class whose method this is."""
        return self.func.owner if self.func else None

    def annotations(self) -> Annotations:
        """A reader of annotations that stand in this function."""
        return Annotations(self.names, self.module, self.state.env if self.closures or not self.own else None)

    def origin(self, node: ast.AST, name: str = "") -> Origin:
        """The origin of an identification made by this expression."""
        return Origin("identified", name, place=place_of(self.module, node))

    def report(self, fault: Fault, node: ast.AST, notes: tuple[Note, ...] = ()) -> Diagnostic | None:
        """Report a fault at an expression of this function; inside another file, at the call that led there."""
        if self.muted:
            return None
        path = self.engine.checked_path
        place = place_of(self.module, node)
        outer = [
            Note(Origin("call", c.frame.func.name if c.frame.func else ""), place_of(c.frame.module, c.node))
            for c in reversed(self.chain)
        ]
        if path is not None and place.file != path and self.chain:
            inner = place
            for i, call in enumerate(reversed(self.chain)):
                if call.frame.module.path == path:
                    if call.frame.muted:
                        return None
                    place = place_of(call.frame.module, call.node)
                    outer = outer[i + 1 :]
                    break
            notes = (*notes, Note(Origin("inside", fault.subject), inner))
        elif any(call.frame.muted for call in self.chain):
            return None
        severity = "warning" if fault.code in LINTS else "error"
        told = Diagnostic(fault, place, severity, (*notes, *outer))
        self.engine.add(told)
        return told

    def count(self, node: ast.AST, value: Any) -> None:
        """Count an expression with tensor type as known or unknown, once, in the function's own run."""
        if not self.own or id(node) in self.engine.counted:
            return
        if isinstance(value, TensorSpec):
            self.engine.counted.add(id(node))
            if value.rank is not None or any(not isinstance(p, Var) or p.kind == RIGID for p in value.parts):
                self.engine.known += 1
                self.engine.full += all(not isinstance(p, Var) and not is_unknown(p) for p in value.parts)
            else:
                self.engine.unknown += 1

    def look_at_rank(self, parts: tuple[Any, ...], axis: Any = None) -> None:
        """The code asks how many axes there are, or for one that only some numbers of them have.

        What it then does for one number need not be right for others.
        """
        hidden = [part for part in parts if isinstance(part, Var)]
        least = len(parts) - len(hidden)
        if hidden and not (isinstance(axis, int) and -least <= axis < least):
            self.state.judge.soften(hidden)

    def meet(self, node: ast.AST, label: str, known: bool | None) -> None:
        """Count a value that meets a shape string in the function's own run: whether its rank is known there."""
        if self.own and known is not None:
            key = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0), label)
            self.engine.met[key] = known and self.engine.met.get(key, True)

    def lacks(self, node: ast.AST, name: str, values: Iterable[Any]) -> None:
        """Count a call with tensors that no stub describes, once."""
        key = (id(node), name)
        if self.own and key not in self.engine.counted_lacks and any(_holds_tensor(v) for v in values):
            self.engine.counted_lacks.add(key)
            count, place = self.engine.lacking.get(name, (0, None))
            self.engine.lacking[name] = count + 1, place or place_of(self.module, node)

    def missed(self, node: ast.AST, reason: str) -> None:
        """Count an operation on tensors whose result is not known, with the reason."""
        if self.own and id(node) not in self.engine.counted:
            self.engine.counted.add(id(node))
            self.engine.unknown += 1
            self.engine.reasons[reason] += 1


def _holds_tensor(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(_holds_tensor(v) for v in value)
    if isinstance(value, PyList):
        return _holds_tensor(value.items or (value.element,))
    return isinstance(value, TensorSpec)


def size_of(value: Any, frame: Frame) -> Dim | None:
    """A value as a size, or None when it is not one."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, Poly)):
        return value
    if isinstance(value, Symbol):
        return symbol_size(value)
    return None


def symbol_size(value: Symbol) -> Dim:
    """The fixed size that a config field or an un-annotated constructor parameter stands for."""
    return fixed(value.path, value.owner, linear="." not in value.path)


UNKNOWN = Unknown("not known")
