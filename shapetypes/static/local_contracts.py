"""Annotated local variables: contracts judged where they are assigned."""

from __future__ import annotations

import ast
from functools import partial
from typing import Any

from shapetypes.core import dim as d, spec as sp
from shapetypes.core.dim import Poly
from shapetypes.core.fault import Fault, Origin
from shapetypes.core.judge import Judge
from shapetypes.core.match import Matcher
from shapetypes.core.scope import Scope
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.static import follow, keras_layers, objects, symbols
from shapetypes.static.annotations import Contract, place_of
from shapetypes.static.contracts import Check, _holes, contract_note, rigid_scope, value_of
from shapetypes.static.engine import Frame
from shapetypes.static.presence import scope_here
from shapetypes.static.values import AT_FAULT, Alt


def declare(frame: Frame, contract: Contract, value: Any, at: ast.AST, label: str) -> Any:
    """Judge a value against a local annotation; returns the value as it is known from here on.

    A name that has a size already is compared strictly; a new one is an alias of the size the value has; where the
    value's size is not known the new name is a size of its own.
    """
    if not frame.own and is_concrete(frame, frame.state.pick(value)):
        _judge_numbers(frame, contract, value, at, label)
    if frame.own:
        judge = frame.state.judge.fork()
        judge.strict = True
        trial = frame.scope.trial()
        matcher = Matcher(trial, judge, "", _holes(frame), what="annotation")
        check = Check(frame, matcher)
        found = check.take(label, contract, value) or check.last()
        beside = None if found else _beside_own(frame, contract, value, label, trial)
        found = found or beside
        here, agreed = place_of(frame.module, at), frame.engine.agreed
        agreed[here] = found is None and agreed.get(here, True)
        if found:
            again = Check(frame, Matcher(frame.scope.trial(), judge, "", _holes(frame), what="annotation"))
            more = keras_layers.flat_note(frame, again, label, contract, value)
            told = frame.report(found[0].but(subject=""), at, (*contract_note(contract), *more))
            loose = beside is None and found[0].code == "dim-mismatch"
            if told is not None and loose and _only_strictly(frame, contract, value, label):
                # The value keeps its sizes; whether the names are those sizes may still turn out.
                frame.provisional.append((told, partial(_agrees, frame.scope.trial(), contract, value, label)))
                return value
            # Either may be wrong: a size on which they differ is not known from here on.
            return _as_declared(frame, contract, value, at, label)
        follow.squeeze_all(frame, value, contract)
        for name, binding in list(trial._own.items()):
            if not name.startswith("*") and isinstance(binding.size, Poly) and d.is_unknown(binding.size):
                trial.bind(name, d.name(name, frame.owner), binding.origin)
        trial.commit()
    return _as_declared(frame, contract, value, at, label)


def _beside_own(
    frame: Frame, contract: Contract, value: Any, label: str, trial: Scope
) -> tuple[Fault, Contract] | None:
    """The fault of a new name that means the constructor's or the function's int, but has another size.

    It does if it is some more or fewer, or if two names each have the size of the other one's int.
    """
    own = frame.scope.trial()
    other: dict[str, tuple[Poly, Poly]] = {}
    for name, binding in trial._own.items():
        given = objects.constructor_int(frame, frame.self_value, name) or _own_int(frame, name)
        if given is not None and isinstance(binding.size, Poly) and binding.size != given:
            other[name] = (binding.size, given)
    exchanged = {name for name, sizes in other.items() if sizes[::-1] in other.values()}
    for name, (size, given) in other.items():
        if isinstance(size - given, int) or name in exchanged:
            own.bind(name, given, Origin("parameter", name, given, dim=name))
    if not own._own:
        return None
    judge = frame.state.judge.fork()
    judge.strict = True
    check = Check(frame, Matcher(own, judge, "", _holes(frame), what="annotation"))
    return check.take(label, contract, value) or check.last()


def _own_int(frame: Frame, name: str) -> Poly | None:
    """The function's own int parameter of this name, if it still is what it was given."""
    value = frame.given.get(name) if frame.own else None
    return symbols.fixed_int(value) if value is not None and frame.state.env.get(name) == value else None


def _judge_numbers(frame: Frame, contract: Contract, value: Any, at: ast.AST, label: str) -> None:
    """Judge a value of a call that was made with numbers: names that the call does not fix stay free."""
    check = Check(
        frame, Matcher(scope_here(frame).trial(), frame.state.judge.fork(), "", _holes(frame), what="annotation")
    )
    found = check.take(label, contract, frame.state.pick(value)) or check.last()
    if found:
        frame.report(found[0].but(subject=""), at, contract_note(contract))


def is_concrete(frame: Frame, value: Any) -> bool:
    """Whether a call made with numbers for all sizes returns numbers for all sizes."""
    if isinstance(value, tuple):
        return all(v is None or isinstance(v, (int, float)) or is_concrete(frame, v) for v in value)
    if not isinstance(value, TensorSpec) or value.rank is None or not all(isinstance(p, int) for p in value.parts):
        return False
    sizes = [b.size for _, b in scope_here(frame).items()]
    return all(isinstance(n, int) for size in sizes for n in (size if isinstance(size, tuple) else (size,)))


def _only_strictly(frame: Frame, contract: Contract, value: Any, label: str) -> bool:
    """Whether a value could be as declared if names were identified with sizes."""
    return _agrees(frame.scope.trial(), contract, value, label, frame, frame.state.judge.fork())


def _agrees(scope: Scope, contract: Contract, value: Any, label: str, frame: Frame, judge: Judge) -> bool:
    """Whether a value is as declared for a judge."""
    check = Check(frame, Matcher(scope.trial(), judge, "", _holes(frame), what="annotation"))
    return (check.take(label, contract, value) or check.last()) is None


def withdraw(frame: Frame) -> None:
    """Take back what was said of annotated locals whose names turned out to be the sizes that were found there."""
    ends = [state for _, state, _ in frame.returns] + ([] if frame.state.dead else [frame.state])
    for told, agrees in frame.provisional:
        for state in ends:
            judge = state.judge.fork()
            judge.strict = True
            if agrees(frame, judge) and not _made_twins(frame, judge) and told in frame.engine.found:
                frame.engine.found.remove(told)
                break


def _made_twins(frame: Frame, judge: Judge) -> bool:
    """Whether what was found makes two axes of one argument equal, as swapped axes do."""
    for value in frame.given.values():
        sizes = [p for p in value.parts if isinstance(p, Poly)] if isinstance(value, TensorSpec) else []
        if any(p != q and judge.equal(p, q) for i, p in enumerate(sizes) for q in sizes[:i]):
            return True
    return False


def _as_declared(frame: Frame, contract: Contract, value: Any, at: ast.AST, label: str) -> Any:
    """What a declared value is: its own sizes where they are known, the annotation's where not."""
    if contract.kind not in ("tensor", "tuple"):
        return value
    if frame.own and not isinstance(value, Alt):
        if isinstance(value, Unknown) and value.reason == AT_FAULT:
            _leave_open(frame.scope, contract)
        rigid_scope(frame.scope, [contract], frame.owner)
    declared = value_of(frame, contract, frame.scope, frame.owner, label)
    if isinstance(value, TensorSpec):
        agreed = None if frame.own else frame.engine.agreed.get(place_of(frame.module, at))
        if agreed and value.rank is not None:
            return _filled(value, declared)
        if agreed is False and value.rank is not None:
            return TensorSpec((p if isinstance(p, Var) else d.unknown(AT_FAULT) for p in value.parts), value.dtype)
        return follow.combine(value, declared, frame.state.judge) if value.shape is not None else declared
    return declared if isinstance(value, Unknown) else value


def _leave_open(scope: Scope, contract: Contract) -> None:
    """New names for the axes of something faulty are unknown sizes: what goes wrong with them is not another fault."""
    for spec in contract.specs():
        for axis in spec.axes:
            if axis.kind == sp.NAME and axis.name not in scope:
                scope.bind(axis.name, d.unknown("an axis of something faulty"), Origin("annotation", dim=axis.name))


def _filled(value: TensorSpec, declared: Any) -> TensorSpec:
    """In a deep run the sizes that are there win, where the function's own run found the annotation right."""
    if not isinstance(declared, TensorSpec) or declared.rank != value.rank:
        return value
    pairs = zip(value.parts, declared.parts, strict=True)
    return TensorSpec(
        (w if not isinstance(v, Var) and d.is_unknown(v) else v for v, w in pairs), value.dtype or declared.dtype
    )
