"""Conditions: their truth where it is known, and what a path learns when it takes one."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from copy import deepcopy
from itertools import product
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Op, Poly
from shapetypes.core.shape import TensorSpec, Unknown, Var, least_rank
from shapetypes.ops.apply import Layer
from shapetypes.static import expressions as ex, narrowing
from shapetypes.static.engine import Frame, size_of
from shapetypes.static.join import State
from shapetypes.static.values import (
    Alt,
    Bound,
    Cond,
    Func,
    Member,
    Modules,
    Obj,
    PyDict,
    PyList,
    Sure,
    Symbol,
    alternatives,
    heap_key,
    is_open,
    options,
)


def truth(frame: Frame, node: ast.expr) -> bool | None:
    """Whether a condition holds, or None when it is not known. Names are never taken to differ here."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = truth(frame, node.operand)
        return None if inner is None else not inner
    if isinstance(node, ast.BoolOp):
        return _truth_of_all(frame, node)
    if isinstance(node, ast.NamedExpr):
        return truth_of(ex.evaluate(frame, node))
    asked = narrowing.as_instance(node)
    found_kind = None if asked is None else narrowing.is_kind(frame, asked[0])
    if asked is not None and found_kind is not None:
        return found_kind == asked[1]
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = ex.evaluate(frame, node.left), ex.evaluate(frame, node.comparators[0])
        found = {compare(frame, node.ops[0], a, b) for a in _each(left) for b in _each(right)}
        return found.pop() if len(found) == 1 else None
    key, positive = condition_key(frame, node)
    if key in frame.state.conds:
        return frame.state.conds[key] == positive
    return truth_of(ex.evaluate(frame, node))


def _truth_of_all(frame: Frame, node: ast.BoolOp) -> bool | None:
    """The truth of `a and b` or `a or b`: each operand is read only where those before it leave it open."""
    stop = isinstance(node.op, ast.Or)
    before, found = frame.state, []
    try:
        for value in node.values:
            found.append(truth(frame, value))
            if found[-1] is stop:
                return stop
            if found[-1] is None and value is not node.values[-1]:
                frame.state = frame.state.fork()
                assume(frame, value, not stop)
                if frame.state.dead:
                    return None
    finally:
        frame.state = before
    return None if None in found else not stop


def _each(value: Any) -> list[Any]:
    return [v for _, v in value.options] if isinstance(value, Alt) else [value]


def truth_of(value: Any) -> bool | None:
    """The truth of a value, or None when it is not known."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return bool(value)
    if isinstance(value, Sure):
        return value.truth
    if isinstance(value, Alt):
        found = {truth_of(v) for _, v in value.options}
        return found.pop() if len(found) == 1 else None
    if isinstance(value, tuple):
        return None if is_open(value) else bool(value)
    if isinstance(value, PyList):
        return None if value.items is None else bool(value.items)
    if isinstance(value, PyDict):
        return None if value.items is None else bool(value.items)
    if isinstance(value, (Func, Bound, Layer, Obj)):
        return True
    return None


def compare(frame: Frame, op: ast.cmpop, a: Any, b: Any) -> bool | None:
    """The truth of one comparison of plain values, or None."""
    if isinstance(a, Member) or isinstance(b, Member):
        same = _members(a, b) if isinstance(op, (ast.Is, ast.IsNot, ast.Eq, ast.NotEq)) else None
        if same is not None:
            return same == isinstance(op, (ast.Is, ast.Eq))
    if isinstance(op, (ast.Is, ast.IsNot)):
        same = _is(a, b)
        return None if same is None else same == isinstance(op, ast.Is)
    if isinstance(op, (ast.In, ast.NotIn)):
        found = _in(frame, a, b)
        return None if found is None else found == isinstance(op, ast.In)
    x, y = size_of(a, frame), size_of(b, frame)
    if isinstance(a, Symbol) or isinstance(b, Symbol):
        return None
    if x is not None and y is not None:
        return _compare_sizes(frame, op, x, y)
    if isinstance(a, (str, float, bool)) and isinstance(b, (str, float, bool, int)):
        return _compare_plain(op, a, b)
    if isinstance(op, (ast.Eq, ast.NotEq)):
        same = _equal_values(frame, a, b)
        return None if same is None else same == isinstance(op, ast.Eq)
    return None


def _compare_plain(op: ast.cmpop, a: Any, b: Any) -> bool | None:
    try:
        table = {ast.Eq: a == b, ast.NotEq: a != b}
        if type(op) in table:
            return bool(table[type(op)])
        return bool({ast.Lt: a < b, ast.LtE: a <= b, ast.Gt: a > b, ast.GtE: a >= b}[type(op)])
    except (TypeError, KeyError):
        return None


def _compare_sizes(frame: Frame, op: ast.cmpop, x: Any, y: Any) -> bool | None:
    gap = frame.state.judge.reduce(x) - frame.state.judge.reduce(y)
    if not isinstance(gap, int):
        return None
    return {
        ast.Eq: gap == 0,
        ast.NotEq: gap != 0,
        ast.Lt: gap < 0,
        ast.LtE: gap <= 0,
        ast.Gt: gap > 0,
        ast.GtE: gap >= 0,
    }.get(type(op))


def _is(a: Any, b: Any) -> bool | None:
    if (a is None and isinstance(b, Sure) and b.truth) or (b is None and isinstance(a, Sure) and a.truth):
        return False
    if isinstance(a, (Unknown, Symbol)) or isinstance(b, (Unknown, Symbol)):
        return None
    if a is None or b is None:
        return a is b
    if isinstance(a, bool) and isinstance(b, bool):
        return a is b
    return None


def _members(a: Any, b: Any) -> bool | None:
    """Whether two values, one of them a member of an enum, are equal."""
    if isinstance(a, Member) and isinstance(b, Member):
        return a.path == b.path
    member, other = (a, b) if isinstance(a, Member) else (b, a)
    return False if other is None or (member.plain and isinstance(other, (str, int, float, tuple))) else None


def _in(frame: Frame, a: Any, b: Any) -> bool | None:
    items = b.items if isinstance(b, PyList) else b if isinstance(b, tuple) and not is_open(b) else None
    if isinstance(b, PyDict) and b.items is not None:
        items = tuple(b.items)
    if items is None:
        return None
    found = [compare(frame, ast.Eq(), a, v) for v in items]
    return True if True in found else None if None in found else False


def _equal_values(frame: Frame, a: Any, b: Any) -> bool | None:
    if a is None or b is None:
        return None if isinstance(a, (Unknown, Symbol)) or isinstance(b, (Unknown, Symbol)) else a is b
    if isinstance(a, tuple) and isinstance(b, tuple):
        least = [sum(not is_open((v,)) for v in side) for side in (a, b)]
        if (not is_open(a) and len(a) < least[1]) or (not is_open(b) and len(b) < least[0]):
            return False
        if is_open(a) or is_open(b):
            return None
        found = [compare(frame, ast.Eq(), x, y) for x, y in zip(a, b, strict=True)]
        return False if False in found else None if None in found else True
    return None


def is_switch(frame: Frame, node: ast.expr) -> bool:
    """Whether a condition tests what is not known: a flag, a mode (a string, a member of an enum), a size."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return is_switch(frame, node.operand)
    if isinstance(node, ast.BoolOp):
        return any(is_switch(frame, part) for part in node.values)
    if isinstance(node, (ast.Name, ast.Attribute)):
        return _is_open(ex.evaluate(frame, node)) or _asks_kind(frame, node)
    if isinstance(node, ast.Call):
        return _asks_kind(frame, node)
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return False
    sides = [ex.evaluate(frame, part) for part in (node.left, node.comparators[0])]
    if any(_is_open_size(side) for side in sides):
        return True  # how many axes something unknown has, how long it is
    listed = isinstance(node.ops[0], (ast.In, ast.NotIn))
    modes = [ex.iterate(frame, sides[1]) or () if listed else (side,) for side in sides]
    named = [bool(m) and all(isinstance(v, (str, Member)) for v in m) for m in modes]
    return (_is_open(sides[0]) and named[1]) or (not listed and _is_open(sides[1]) and named[0])


def _asks_kind(frame: Frame, node: ast.expr) -> bool:
    """Whether a condition asks what kind of tensor it is: `x.is_sparse`, or a function of the project of `x`."""
    call = node if isinstance(node, ast.Call) else None
    what = call.func if call is not None else node
    if isinstance(what, ast.Attribute) and what.attr.startswith("is_") and not (call and call.args):
        return isinstance(ex.evaluate(frame, what.value), TensorSpec)
    if call is None or not isinstance(ex.evaluate(frame, call.func), (Func, Bound, Unknown)):
        return False
    return any(isinstance(ex.evaluate(frame, arg), TensorSpec) for arg in call.args if isinstance(arg, ast.Name))


def _is_open_size(value: Any) -> bool:
    return any(type(v) is Unknown or (isinstance(v, Poly) and d.is_unknown(v)) for _, v in options(value))


def _is_open(value: Any) -> bool:
    return all(isinstance(v, (Unknown, Symbol)) and not isinstance(v, Member) for _, v in options(value))


def condition_key(frame: Frame, node: ast.expr) -> Cond:
    """A key for a condition: its text with the versions of its names, `not` taken out."""
    positive = True
    while isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        node, positive = node.operand, not positive
    flip: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.IsNot: ast.Is, ast.NotEq: ast.Eq, ast.NotIn: ast.In}
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in flip:
        node, positive = _flipped(node, flip[type(node.ops[0])]), not positive
    text, names = _text(node)
    passed = [frame.passed.get(n) if n not in frame.state.versions else None for n in names]
    owners = {p.owner for p in passed if p is not None}
    if names and len(owners) == 1 and None not in passed:
        # What the condition tests was only handed on: it is the caller's condition, said of its names.
        there = {name: p for name, p in zip(names, passed, strict=True) if p is not None}
        text = _renamed(node, {name: p.name for name, p in there.items()})
        versions = ",".join(sorted({f"{p.name}{p.version}" for p in there.values()}))
        return f"{text}@{owners.pop()}@{versions}", positive
    versions = ",".join(f"{n}{frame.state.versions.get(n, 0)}" for n in names)
    return f"{text}@{frame.owner}@{versions}", positive


def _renamed(node: ast.expr, names: dict[str, str]) -> str:
    """A condition as text, with other names in it."""
    if all(old == new for old, new in names.items()):
        return _text(node)[0]
    other = deepcopy(node)
    for part in ast.walk(other):
        if isinstance(part, ast.Name):
            part.id = names.get(part.id, part.id)
    return ast.unparse(other)


def _flipped(node: ast.Compare, op: type[ast.cmpop]) -> ast.Compare:
    known: ast.Compare | None = getattr(node, "shapetypes_flipped", None)
    if known is None:
        known = ast.copy_location(ast.Compare(node.left, [op()], node.comparators), node)
        node.shapetypes_flipped = known  # type: ignore[attr-defined]
    return known


def _text(node: ast.expr) -> tuple[str, list[str]]:
    """A condition as text and the names in it; remembered at its node."""
    known: tuple[str, list[str]] | None = getattr(node, "shapetypes_text", None)
    if known is None:
        known = ast.unparse(node), sorted({n.id for n in ast.walk(node) if isinstance(n, ast.Name)})
        node.shapetypes_text = known  # type: ignore[attr-defined]
    return known


def assume(frame: Frame, node: ast.expr, holds: bool) -> None:
    """Go on along the path on which a condition holds, or does not. The path dies if that cannot be."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        assume(frame, node.operand, not holds)
        return
    parts = _deciding(frame, node, holds) if isinstance(node, ast.BoolOp) else []
    if parts:
        for part in parts:
            assume(frame, part, holds)
        _record(frame, node, holds, [pair for part in parts for pair in _equations(frame, part, holds)])
        return
    asked = narrowing.as_instance(node)
    if asked is not None and asked[1] == holds:
        assume(frame, asked[0], True)
    elif asked is not None and truth(frame, asked[0]) is not False:
        narrowing.is_no(frame, asked[0])
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        _assume_compare(frame, node, holds)
    elif isinstance(node, ast.Compare) and holds:
        sides = [node.left, *node.comparators]
        for left, op, right in zip(sides, node.ops, sides[1:], strict=False):
            _assume_compare(frame, ast.copy_location(ast.Compare(left, [op], [right]), node), True)
    else:
        _filter(frame, node, holds)
        narrowing.narrow(frame, node, holds)
        if holds:
            narrowing.is_now(frame, node)
    _record(frame, node, holds, _equations(frame, node, holds))


def _deciding(frame: Frame, node: ast.BoolOp, holds: bool) -> list[ast.expr]:
    """The operands that are surely so where `a and b` or `a or b` is: all, or the open one of others that are settled.

    None where it can be any of several.
    """
    if isinstance(node.op, ast.And) == holds:
        return node.values
    left = [value for value in node.values if truth(frame, value) is None]
    return left if len(left) == 1 else []


def _record(frame: Frame, node: ast.expr, holds: bool, equations: list[tuple[Any, Any]]) -> None:
    """Keep that a condition holds on this path, or does not, and what that says of sizes."""
    key, positive = condition_key(frame, node)
    frame.engine.equate(key, holds == positive, equations)
    conds = frame.state.conds
    if conds.get(key, holds == positive) != (holds == positive):
        frame.state.dead = True
    conds[key] = holds == positive


def _filter(frame: Frame, node: ast.expr, holds: bool) -> None:
    """Drop the alternatives of the names in a condition for which it is surely otherwise."""
    for name in _text(node)[1]:
        value = frame.state.env.get(name)
        if not isinstance(value, Alt):
            continue
        kept, sure = [], []
        for conds, option in value.options:
            frame.state.env[name] = option
            found = _truth_of_option(frame, node)
            if found is None or found == holds:
                kept.append((conds, option))
            if found == holds:
                sure.append((conds, option))
        frame.state.env[name] = value
        # Declared as one type or another, a tensor is no instance of the other.
        others = [option for _, option in kept if not any(option is v for _, v in sure)]
        typed = holds and isinstance(node, ast.Call) and narrowing.tested(frame, node)
        _keep(frame, name, value, sure if sure and typed and all(isinstance(v, TensorSpec) for v in others) else kept)
    _filter_attribute(frame, node, holds)


def _truth_of_option(frame: Frame, node: ast.expr) -> bool | None:
    """The truth of a condition while a name holds one of its alternatives: nothing is reported or learned."""
    state = frame.state
    frame.state = state.fork()
    try:
        with frame.engine.capture():
            return truth(frame, node)
    finally:
        frame.state = state


def as_value(frame: Frame, node: ast.expr, value: Any) -> Any:
    """A condition that is kept in a name or attribute: both truths, with what each says of sizes.

    Args:
        frame: Where it stands.
        node: The condition.
        value: What it is where it says nothing of sizes.
    """
    if not isinstance(node, (ast.Compare, ast.BoolOp, ast.UnaryOp)):
        return value
    key, positive = condition_key(frame, node)
    found = {holds: _equations(frame, node, holds) for holds in (True, False)}
    if not any(found.values()):
        return value
    for holds, equations in found.items():
        frame.engine.equate(key, holds == positive, equations)
    return Alt(tuple((frozenset({(key, holds == positive)}), holds) for holds in (True, False)))


def _equations(frame: Frame, node: ast.expr, holds: bool) -> list[tuple[Any, Any]]:
    """The pairs of sizes that are equal when a condition holds, or does not."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _equations(frame, node.operand, not holds)
    if isinstance(node, ast.BoolOp):
        if isinstance(node.op, ast.And) != holds:
            return []
        return [pair for part in node.values for pair in _equations(frame, part, holds)]
    if not isinstance(node, ast.Compare) or len(node.ops) != 1 or not isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
        return []
    if isinstance(node.ops[0], ast.Eq) != holds:
        return []
    with frame.engine.capture():
        sides = [size_of(ex.evaluate(frame, part), frame) for part in (node.left, node.comparators[0])]
    return [] if None in sides else [(sides[0], sides[1])]


def take(frame: Frame, state: State, conds: Iterable[Cond]) -> None:
    """Go on where these conditions hold, with what they say of sizes."""
    for key, holds in sorted(conds):
        if key in state.conds:
            continue
        state.conds[key] = holds
        for x, y in frame.engine.equal_where(key, holds):
            if not isinstance(state.judge.reduce(x) - state.judge.reduce(y), int):
                state.judge.force_equal(x, y)


def _keep(frame: Frame, name: str, value: Alt, kept: list[Any]) -> None:
    state = frame.state
    if not kept:
        state.dead = True
    elif len(kept) < len(value.options):
        state.env[name] = alternatives(kept)
        if len(kept) == 1:
            take(frame, state, kept[0][0])


def _filter_attribute(frame: Frame, node: ast.expr, holds: bool) -> None:
    """The same for `self.x`: an attribute whose alternatives depend on how the object was built."""
    for part in ast.walk(node):
        if not (isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name)):
            continue
        owner = frame.state.env.get(part.value.id)
        if not isinstance(owner, (Obj, Symbol)):
            continue
        key = heap_key(owner, part.attr)
        value = frame.state.heap.get(key)
        if not isinstance(value, Alt):
            continue
        kept = []
        for conds, option in value.options:
            frame.state.heap[key] = option
            found = _truth_of_option(frame, node)
            if found is None or found == holds:
                kept.append((conds, option))
        frame.state.heap[key] = value
        if kept and len(kept) < len(value.options):
            frame.state.heap[key] = alternatives(kept)
            if len(kept) == 1:
                take(frame, frame.state, kept[0][0])


def _assume_compare(frame: Frame, node: ast.Compare, holds: bool) -> None:
    op = node.ops[0]
    equal = (isinstance(op, (ast.Eq, ast.Is)) and holds) or (isinstance(op, (ast.NotEq, ast.IsNot)) and not holds)
    _filter(frame, node, holds)
    if frame.state.dead:
        return
    left, right = ex.evaluate(frame, node.left), ex.evaluate(frame, node.comparators[0])
    if isinstance(op, (ast.Eq, ast.NotEq)):
        if equal:
            assume_rank(frame, node.left, right)
            assume_rank(frame, node.comparators[0], left)
            left = _assume_shape(frame, node.left, left, right)
            right = _assume_shape(frame, node.comparators[0], right, left)
            learn_equal(frame, left, right)
        else:
            x, y = size_of(left, frame), size_of(right, frame)
            if x is not None and y is not None:
                frame.state.judge.learn_unequal(x, y)


def assume_rank(frame: Frame, node: ast.expr, rank: Any) -> None:
    """`x.ndim == 3`, `x.dim() == 3`, `len(x.shape) == 3`: the tensor has that rank from here on."""
    if isinstance(rank, bool) or not isinstance(rank, int):
        return
    target: ast.expr | None = None
    if isinstance(node, ast.Attribute) and node.attr == "ndim":
        target = node.value
    elif isinstance(node, ast.Call):
        f = node.func
        if isinstance(f, ast.Attribute) and f.attr in ("dim", "ndimension") and not node.args:
            target = f.value
        elif isinstance(f, ast.Name) and f.id == "len" and len(node.args) == 1:
            arg = node.args[0]
            if isinstance(arg, ast.Attribute) and arg.attr == "shape":
                target = arg.value
            elif isinstance(arg, ast.Call) and isinstance(arg.func, ast.Attribute) and arg.func.attr == "size":
                target = arg.func.value
    value = None if target is None else ex.evaluate(frame, target)
    set_rank(frame, value, rank)
    if isinstance(value, TensorSpec) and rank < least_rank(value.parts):
        frame.state.dead = True


def _assume_shape(frame: Frame, node: ast.expr, shape: Any, other: Any) -> Any:
    """`x.shape == (n, d)`, `tuple(x.shape) == (n, d)`: the tensor has that rank; its shape from here on."""
    if not (isinstance(shape, tuple) and is_open(shape) and isinstance(other, tuple) and not is_open(other)):
        return shape
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
        node = node.args[0]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "size":
        node = node.func
    if not isinstance(node, ast.Attribute):
        return shape
    new = set_rank(frame, ex.evaluate(frame, node.value), len(other))
    return shape if new is None else new.parts


def set_rank(frame: Frame, value: Any, rank: int) -> TensorSpec | None:
    """Make it a fact that a tensor of unknown rank has this one; every alias learns it."""
    if not isinstance(value, TensorSpec) or value.rank is not None:
        return None
    parts = value.parts
    hidden = [i for i, p in enumerate(parts) if isinstance(p, Var)]
    more = rank - len(parts) + 1
    if len(hidden) != 1 or more < 0:
        return None
    at = hidden[0]
    new = value.with_shape((*parts[:at], *(d.unknown("axis") for _ in range(more)), *parts[at + 1 :]))
    frame.state.replace(value, new)
    return new


def learn_equal(frame: Frame, a: Any, b: Any) -> None:
    """Go on where two sizes, or shapes, are equal; the path dies if they cannot be."""
    if isinstance(a, Alt) or isinstance(b, Alt):
        for x, y in product((v for _, v in options(a)), (v for _, v in options(b))):
            _leave_open(frame, x, y)
        return
    if isinstance(a, tuple) and isinstance(b, tuple) and not is_open(a) and not is_open(b):
        if len(a) == len(b):
            for x, y in zip(a, b, strict=True):
                learn_equal(frame, x, y)
        return
    x, y = size_of(a, frame), size_of(b, frame)
    if x is None or y is None:
        return
    judge = frame.state.judge
    if (y == 0 and _learn_divides(frame, x)) or (x == 0 and _learn_divides(frame, y)):
        return
    gap = judge.reduce(x) - judge.reduce(y)
    if isinstance(gap, int):
        if gap:
            frame.state.dead = True
        return
    judge.force_equal(x, y)


def _leave_open(frame: Frame, a: Any, b: Any) -> None:
    """Sizes that are equal if these alternatives are the ones."""
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        for x, y in zip(a, b, strict=True):
            _leave_open(frame, x, y)
        return
    x, y = size_of(a, frame), size_of(b, frame)
    if x is not None and y is not None:
        frame.state.judge.soften((x - y,))


def _learn_divides(frame: Frame, size: Any) -> bool:
    """`n % h == 0` is a fact about divisibility."""
    if isinstance(size, Poly) and len(size.terms) == 1:
        m, c = size.terms[0]
        if c == 1 and len(m) == 1 and isinstance(m[0][0], Op) and m[0][0].op == "%":
            n, by = m[0][0].args
            frame.state.judge.learn_divides(by, n)
            return True
    return False


__all__ = ["Modules", "assume", "compare", "condition_key", "set_rank", "truth", "truth_of"]
