"""Signatures that belong together: an overload and its implementation, an override and the method it overrides.

A caller relies on what the overload or the overridden method declares. What it says may be passed must not be what the
function surely refuses, and what the function declares to return must not surely be something else. An override that
only takes less than the method it overrides is nobody's fault.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Poly
from shapetypes.core.fault import Fault, Origin
from shapetypes.core.judge import Judge
from shapetypes.core.match import Matcher
from shapetypes.core.scope import Scope
from shapetypes.core.shape import TensorSpec, Var
from shapetypes.core.spec import NAME, VAR, Spec
from shapetypes.static import follow
from shapetypes.static.annotations import Contract
from shapetypes.static.contracts import Check, all_args, contract_note, decorators, parameters, rigid_scope, value_of
from shapetypes.static.engine import Frame
from shapetypes.static.modules import decorator_names
from shapetypes.static.values import Alt, Func, PyDict, PyList, options

_ALLOWED = re.compile(r"#.*ignore\[[^]]*overr?ide", re.IGNORECASE)
_MOST_EQUATIONS = 6


def check(frame: Frame, func: Func) -> None:
    """Report where a function's annotations contradict those of the signature that it belongs to."""
    if isinstance(func.node, ast.Lambda) or "..." in func.name:
        return
    if "overload" in decorator_names(func.node):
        implementation = _implementation(func)
        if implementation is not None:
            _compare(frame, func, func, implementation)
        return
    overridden = _overridden(frame, func)
    if overridden is not None:
        _compare(frame, func, overridden, func)


def _implementation(func: Func) -> Func | None:
    """What an overload of a class or a module is implemented by."""
    name = func.name.rpartition(".")[2]
    if func.owner is not None:
        node = func.owner.methods.get(name)
    else:
        node = next((n for kind, n in reversed(func.module.names.get(name, [])) if kind == "def"), None)
    return None if node is None else Func(node, func.module, func.owner, func.closure, func.name)


def _overridden(frame: Frame, func: Func) -> Func | None:
    """The method of the nearest base class of the project that says what all of its kind do.

    A method that does something is often overridden to do something else.
    """
    name = func.name.rpartition(".")[2]
    if func.owner is None or name in ("__init__", "__new__", "__init_subclass__", "__post_init__", "__call__"):
        return None
    assert not isinstance(func.node, ast.Lambda)
    if func.owner.methods.get(name) is not func.node or _ALLOWED.search(func.module.lines[func.node.lineno - 1]):
        return None
    found: Any = frame.names.method(func.owner, name, after=func.owner)
    while isinstance(found, Func) and found.owner is not None and not isinstance(found.node, ast.Lambda):
        if _alike(frame, func, found) and (_is_abstract(found.node) or _of_arrays(frame, func, found)):
            return found
        found = frame.names.method(func.owner, name, after=found.owner)
    return None


def _alike(frame: Frame, a: Func, b: Func) -> bool:
    """Whether both are plain methods, or both properties, or class methods."""
    mine, theirs = decorators(frame, a), decorators(frame, b)
    plain = {"staticmethod", "classmethod", "property"}
    return mine & plain == theirs & plain and "staticmethod" not in mine


def _is_abstract(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return "abstractmethod" in decorator_names(node) or follow.is_trivial(node)


def _of_arrays(frame: Frame, a: Func, b: Func) -> bool:
    """Whether both say of `self` which axes it has: the class is a kind of array, with an array's methods."""
    return all(
        contracts[names[0].arg].shaped
        for contracts, names in ((parameters(frame, f), all_args(f.node)) for f in (a, b))
        if names
    )


def _compare(frame: Frame, at: Func, promised: Func, given: Func) -> None:
    """Call one signature with what the other declares, and match what it then declares to return."""
    theirs, own = parameters(frame, promised), parameters(frame, given)
    pairs = [name for name in _shared(promised, given) if theirs[name].shaped and own[name].shaped]
    both = theirs["return"].shaped and own["return"].shaped
    if not pairs and not both:
        return
    owner = f"{frame.owner}|{promised.name}"
    scope = Scope()
    rigid_scope(scope, [theirs[name] for name in _shared(promised, given)], owner)
    matcher = Matcher(Scope(), Judge(), f"{at.name}()")
    for name in pairs:
        for mine, other in _leaves(own[name], theirs[name]) or [(own[name], theirs[name])]:
            value = value_of(frame, other, scope, owner, name)
            fault, sure = _take(frame, matcher, name, mine, other, value)
            if fault is not None:
                if sure:
                    _report(frame, at, promised, given, name, fault)
                return
    if both:
        _compare_returns(frame, at, promised, given, scope, matcher, owner)


def _leaves(a: Contract, b: Contract) -> list[tuple[Contract, Contract]] | None:
    """The tensors of two contracts that are meant to be the same; of unions, equal members are put together first."""
    if a.kind == b.kind == "tensor" and a.spec is not None and b.spec is not None:
        return [(a, b)]
    if a.kind == b.kind == "tuple" and len(a.parts) == len(b.parts):
        both = [(x, y) for x, y in zip(a.parts, b.parts, strict=True) if x.shaped and y.shaped]
        return _all_leaves(both)
    mine, theirs = _members(a), _members(b)
    if not mine or not theirs or "union" not in (a.kind, b.kind):
        return None
    equal = []
    for part in list(mine):
        twin = next((p for p in theirs if p.kind == part.kind and _text(p) == _text(part)), None)
        if twin is not None:
            equal.append((part, twin))
            mine.remove(part)
            theirs.remove(twin)
    if len(mine) == len(theirs) == 1:
        return _all_leaves([(mine[0], theirs[0]), *equal])
    return _all_leaves(equal) if not mine and not theirs else None


def _all_leaves(pairs: list[tuple[Contract, Contract]]) -> list[tuple[Contract, Contract]] | None:
    found = [_leaves(x, y) for x, y in pairs]
    return None if None in found else [leaf for leaves in found if leaves is not None for leaf in leaves]


def _members(contract: Contract) -> list[Contract]:
    return [p for p in (contract.parts if contract.kind == "union" else (contract,)) if p.shaped]


def _text(contract: Contract) -> tuple[str, ...]:
    return tuple(" ".join(spec.text.split()) for spec in contract.specs())


def _shared(promised: Func, given: Func) -> Iterator[str]:
    """The parameters that two signatures have at the same place, or by the same keyword."""
    a, b = promised.node.args, given.node.args
    if a.vararg or b.vararg:
        return
    for x, y in zip([*a.posonlyargs, *a.args], [*b.posonlyargs, *b.args], strict=False):
        if x.arg == y.arg:
            yield x.arg
    names = {x.arg for x in b.kwonlyargs}
    yield from (x.arg for x in a.kwonlyargs if x.arg in names)


def _take(
    frame: Frame, matcher: Matcher, name: str, own: Contract, theirs: Contract, value: Any
) -> tuple[Fault | None, bool]:
    """Match one argument; what it needs to be equal is taken to be so, except where the same names are crossed."""
    crossed = _crossed(own, theirs, name)
    if crossed is not None:
        return crossed.but(subject=matcher.subject), True
    if _takes_fewer_ranks(own, theirs):
        got = tuple(axis.text for axis in theirs.spec.axes) if theirs.spec else ()
        fault = Fault("rank-mismatch", "rank", matcher.subject, name, got=got, want=own.text)
        return fault, _no_rank_fits(own, theirs)
    for _ in range(_MOST_EQUATIONS):
        saved = matcher.save()
        check = Check(frame, matcher)
        found = check.take(name, own, value) or check.last()
        if found is None:
            return None, False
        fault = found[0]
        matcher.restore(saved)
        if fault.kind == "dtype":
            return fault, True
        if fault.kind == "rank" or isinstance(value, Alt) or own.spec is None or theirs.spec is None:
            return fault, _no_rank_fits(own, theirs)
        if _displaced(own.spec, theirs.spec) or (isinstance(fault.got, int) and isinstance(fault.want, int)):
            return fault, True
        if not isinstance(fault.got, (int, Poly)) or not isinstance(fault.want, (int, Poly)):
            return fault, False
        matcher.judge.force_equal(fault.got, fault.want)
    return None, False


def _crossed(own: Contract, theirs: Contract, label: str) -> Fault | None:
    """The fault of two axis strings with the same axes in another order."""
    if own.spec is None or theirs.spec is None:
        return None
    mine, other = ([axis.text for axis in spec.axes] for spec in (own.spec, theirs.spec))
    if mine == other or sorted(mine) != sorted(other):
        return None
    at = next(i for i, (x, y) in enumerate(zip(mine, other, strict=True)) if x != y)
    return Fault("axis-order", "order", "", label, at, got=" ".join(mine), want=" ".join(other))


def _takes_fewer_ranks(own: Contract, theirs: Contract) -> bool:
    """Whether a part that may be any number of axes is a certain number of them here."""
    if own.spec is None or theirs.spec is None:
        return False
    return theirs.spec.variadic is not None and own.spec.variadic is None


def _no_rank_fits(own: Contract, theirs: Contract) -> bool:
    """Whether no tensor has a number of axes that both allow."""
    return all(not _overlap(_ranks(x), _ranks(y)) for x in own.specs() for y in theirs.specs())


def _ranks(spec: Spec) -> tuple[int, float]:
    fixed = sum(axis.kind != VAR for axis in spec.axes)
    return fixed, fixed if spec.variadic is None else float("inf")


def _overlap(a: tuple[int, float], b: tuple[int, float]) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]


def _displaced(a: Spec, b: Spec) -> bool:
    """Whether a name of both stands at other places in one than in the other."""
    mine, theirs = _places(a), _places(b)
    return any(mine[name].isdisjoint(theirs[name]) for name in mine.keys() & theirs.keys())


def _places(spec: Spec) -> dict[str, set[int]]:
    """Where the names of an axis string stand: behind a variadic part counted from the end."""
    out: dict[str, set[int]] = {}
    for i, axis in enumerate(spec.axes):
        if axis.kind == NAME:
            behind = spec.variadic is not None and i > spec.variadic
            out.setdefault(axis.name, set()).add(i - len(spec.axes) if behind else i)
    return out


def _compare_returns(
    frame: Frame, at: Func, promised: Func, given: Func, scope: Scope, matcher: Matcher, owner: str
) -> None:
    theirs, own = parameters(frame, promised)["return"], parameters(frame, given)["return"]
    for name in _free(own, matcher.scope) & _free(theirs, scope):
        for one in (scope, matcher.scope):
            size = (Var(name[1:], owner),) if name.startswith("*") else d.name(name, owner)
            one.bind(name, size, Origin("annotation", dim=name))
    for mine, other in _leaves(own, theirs) or [(own, theirs)]:
        fault = _crossed(mine, other, "return") or _differs(frame, at, mine, other, scope, matcher, owner)
        if fault is not None:
            _report(frame, at, promised, given, "return", fault.but(subject=f"{at.name}()"))
            return


def _differs(
    frame: Frame, at: Func, own: Contract, theirs: Contract, scope: Scope, matcher: Matcher, owner: str
) -> Fault | None:
    """The fault of a declared result where another is promised."""
    value = _tensors(value_of(frame, own, matcher.scope, owner, "return"))
    if value is None:
        return None
    judge = matcher.judge.fork()
    judge.strict = True
    check = Check(frame, Matcher(scope.trial(), judge, f"{at.name}()", what="return"))
    found = check.take("return", theirs, value) or check.last()
    return None if found is None else found[0]


def _free(contract: Contract, scope: Scope) -> set[str]:
    """The names that nothing has bound."""
    axes = [axis for spec in contract.specs() for axis in spec.axes if axis.kind in (NAME, VAR) and axis.name]
    names = {("*" if axis.kind == VAR else "") + axis.name for axis in axes}
    return {name for name in names if name not in scope}


def _tensors(value: Any) -> Any:
    """A declared result, of several only those that a shape string can be about."""
    shaped = (TensorSpec, tuple, PyList, PyDict)
    found = [(c, v) for c, v in options(value) if isinstance(v, shaped)]
    if not found:
        return None
    return found[0][1] if len(found) == 1 else Alt(tuple(found))


def _report(frame: Frame, at: Func, promised: Func, given: Func, name: str, fault: Fault) -> None:
    """Report at the annotation of the function that is judged; the other one is pointed at."""
    assert not isinstance(at.node, ast.Lambda)
    other = given if at is promised else promised
    node = at.node.returns if name == "return" else next(x.annotation for x in all_args(at.node) if x.arg == name)
    notes = (
        *contract_note(_first(parameters(frame, other)[name])),
        *contract_note(_first(parameters(frame, at)[name])),
    )
    frame.report(fault, node or at.node, notes[:1])


def _first(contract: Contract) -> Contract:
    """The first part of a contract that has a shape string."""
    if contract.spec is not None or not contract.parts:
        return contract
    return next((_first(p) for p in contract.parts if p.shaped), contract)


__all__ = ["check"]
