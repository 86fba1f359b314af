"""Judging a file: each function by itself, then the module's own statements."""

from __future__ import annotations

import ast
import os
from collections import Counter
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import as_atom
from shapetypes.core.fault import Diagnostic, Origin, Place
from shapetypes.core.judge import Judge
from shapetypes.core.shape import Unknown
from shapetypes.ops.stubs import StubError
from shapetypes.static import (
    follow,
    generators,
    keras_layers,
    lints,
    local_contracts,
    objects,
    signatures,
    statements,
    strict,
)
from shapetypes.static.annotations import Annotations, BadAnnotation
from shapetypes.static.contracts import all_args, parameters
from shapetypes.static.engine import Engine, Frame, OutOfBudget
from shapetypes.static.join import State
from shapetypes.static.modules import ClassInfo, Module, blocks
from shapetypes.static.units import GIVEN_UP, TOP, UnitResult
from shapetypes.static.values import ClassRef, Func, Obj


class FileCheck:
    """One file being judged.

    Args:
        engine: What is shared.
        module: The file.
    """

    def __init__(self, engine: Engine, module: Module) -> None:
        self.engine = engine
        self.module = module
        self.functions = 0
        self.crashes = 0
        self.seen: set[int] = set()
        self.met: dict[tuple[int, int, str], bool] = {}

        engine.checked_path, engine.checked = module.path, module

    def run(self, body: list[ast.stmt] | None = None) -> UnitResult:
        """Judge everything in the file, or only these of its top-level statements."""
        out = UnitResult()
        for i, node in enumerate(self.module.tree.body):
            if body is None or node in body:
                out.add(self.unit(i, out.agreed))
        out.add(self.unit(TOP, out.agreed, body))
        self.engine.found = out.found
        return out

    def unit(self, which: int, agreed: dict[Place, bool], body: list[ast.stmt] | None = None) -> UnitResult:
        """Judge the functions in one top-level statement; for `TOP` the statements outside of functions.

        Args:
            which: Its number.
            agreed: The local annotations of the statements before it, with whether they were found right.
            body: The statements that `TOP` stands for; by default all of the module's.
        """
        engine = self.engine
        engine.found, engine.reasons, engine.agreed = [], Counter(), dict(agreed)
        engine.known = engine.unknown = engine.full = self.functions = self.crashes = 0
        engine.lacking, engine.met = {}, {}
        if which == TOP:
            self._guarded(self._top_level, self.module.tree.body if body is None else body)
        else:
            self._body([self.module.tree.body[which]], None)
        self.met.update(engine.met)
        own = {place: good for place, good in engine.agreed.items() if agreed.get(place) is not good}
        return UnitResult(
            engine.found,
            own,
            self.functions,
            engine.known,
            engine.unknown,
            self.crashes,
            engine.reasons,
            engine.full,
            engine.lacking,
            len(engine.met),
            sum(engine.met.values()),
        )

    def _body(self, body: list[ast.stmt], info: ClassInfo | None) -> None:
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                func = Func(node, self.module, info, None, f"{info.name}.{node.name}" if info else node.name)
                self.function(func)
            elif isinstance(node, ast.ClassDef):
                found = next((c for c in self.module.classes if c.node is node), None) or ClassInfo(node, self.module)
                self._class(found)
            elif not isinstance(node, ast.Match):
                for part in blocks(node):
                    self._body(part, info)

    def _class(self, info: ClassInfo) -> None:
        frame = Frame(self.engine, self.module, None, State({}, {}, Judge()))
        read = Annotations(frame.names, self.module)
        for annotation in info.fields.values():
            _report_bad(frame, read, annotation)
        self._body(info.node.body, info)

    def _guarded(self, work: Any, *args: Any) -> None:
        """Run one piece; a crash of the engine on odd code costs coverage, never the run."""
        self.engine.start()
        try:
            with d.numbering(self.module.name):
                work(*args)
        except (OutOfBudget, RecursionError) as error:
            self.engine.reasons[GIVEN_UP if isinstance(error, OutOfBudget) else "the program is nested too deep"] += 1
            self.engine.sinks.clear()
            self.crashes += 1
        except StubError:
            raise  # a stub of the user's own is wrong: that is told, not counted
        except Exception:
            if os.environ.get("SHAPETYPES_RAISE"):
                raise
            self.engine.reasons["the engine failed"] += 1
            self.engine.sinks.clear()
            self.crashes += 1

    def function(self, func: Func) -> None:
        """Judge one function by itself."""
        self.functions += 1
        self._guarded(judge, self.engine, func)

    def _top_level(self, body: list[ast.stmt]) -> None:
        state = State({}, {}, Judge())
        frame = Frame(self.engine, self.module, None, state)
        statements.run(
            frame, [n for n in body if not isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))]
        )


def judge(engine: Engine, func: Func) -> None:
    """Judge a function of a module or class by itself: its body with the values its annotations declare."""
    frame = Frame(engine, func.module, func, State({}, {}, Judge()))
    _judge_in(frame, func)


def judge_nested(outer: Frame, func: Func) -> None:
    """Judge a function inside another: the outer names are what they are there, the verdict between them unknown."""
    state = State({}, dict(outer.state.heap), outer.state.judge.fork())
    frame = Frame(outer.engine, func.module, func, state)
    frame.muted = outer.muted
    frame.scope = outer.scope.trial() if not outer.scope else frame.scope
    _judge_in(frame, func)


def _judge_in(frame: Frame, func: Func) -> None:
    node = func.node
    assert not isinstance(node, ast.Lambda)
    read = Annotations(frame.names, func.module, func.closure)
    for annotation in [arg.annotation for arg in all_args(node)] + [node.returns]:
        if annotation is not None:
            _report_bad(frame, read, annotation)
    _report_bad_locals(frame, read, node)
    signatures.check(frame, func)
    lints.misspelt_dims(frame, parameters(frame, func))
    self_value = _self(frame, func)
    values = follow.symbolic_arguments(frame, func, self_value)
    _link_instance(frame, func, self_value)
    frame.state.env = {**values, **frame.state.env}
    frame.given = values
    frame.self_value = self_value
    contract = parameters(frame, func)["return"]
    if isinstance(self_value, Obj) and func.name.endswith(".call"):
        keras_layers.build(frame, node, self_value, func, tuple(values.values())[1:], {})
    frame.is_generator = generators.is_generator(func)
    frame.result = contract if not follow.is_trivial(node) else None
    frame.repeated = _repeated(frame, func)
    statements.run(frame, node.body)
    local_contracts.withdraw(frame)
    if frame.engine.strict:
        strict.report(frame, func)


def _self(frame: Frame, func: Func) -> Any:
    """The object or class that a method gets first."""
    if func.owner is None or isinstance(func.node, ast.Lambda):
        return None
    flags = {getattr(x, "id", getattr(x, "attr", "")) for x in func.node.decorator_list}
    if "staticmethod" in flags:
        return None
    if "classmethod" in flags:
        return ClassRef(func.owner)
    if func.name.endswith(".__init__"):
        new = Obj(func.owner, exact=False)
        frame.state.heap[(new.id, objects.MADE)] = True
        return new
    made = objects.symbolic(frame, func.owner)
    if made is None:
        return Unknown("an object that refers to itself")
    obj, state = made
    frame.state.heap.update(state.heap)
    frame.state.judge.known = state.judge.known
    frame.state.judge.origins = state.judge.origins
    frame.state.judge.divisible = state.judge.divisible
    return obj


def _link_instance(frame: Frame, func: Func, self_value: Any) -> None:
    """The names of a method's annotations that its object fixes are those sizes."""
    if not isinstance(self_value, Obj) or frame.in_init:
        return
    for name, size in objects.instance_names(frame, self_value).items():
        bound = frame.scope.get(name)
        atom = None if bound is None else as_atom(bound.size)
        if atom is not None and atom.kind == d.RIGID:
            frame.state.judge.learn(atom, size, Origin("parameter", name, size, dim=name))
        elif bound is None:
            frame.scope.bind(name, size, Origin("parameter", name, size, dim=name))


def _repeated(frame: Frame, func: Func) -> frozenset[str]:
    """Names that stand twice in one annotation of a function: an outer product of them is declared."""
    out: set[str] = set()
    read = Annotations(frame.names, func.module, func.closure)
    found = list(parameters(frame, func).values())
    for node in func.module.inside(func.node, ast.AnnAssign):
        try:
            found.append(read.read(node.annotation))
        except BadAnnotation:
            continue
    for contract in found:
        for spec in contract.specs():
            names = [axis.name for axis in spec.axes if axis.name]
            out |= {n for n in names if names.count(n) > 1}
    return frozenset(out)


def _report_bad(frame: Frame, read: Annotations, node: ast.expr) -> None:
    try:
        read.read(node)
    except BadAnnotation as error:
        frame.engine.add(Diagnostic(error.fault, error.place))


def _report_bad_locals(frame: Frame, read: Annotations, func: ast.AST) -> None:
    for node in frame.module.inside(func, ast.AnnAssign):
        _report_bad(frame, read, node.annotation)


__all__ = ["FileCheck", "judge", "judge_nested"]
