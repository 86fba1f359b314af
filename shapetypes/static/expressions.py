"""Expressions: from syntax to values, along one path."""

from __future__ import annotations

import ast
from collections.abc import Callable
from operator import is_
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Poly
from shapetypes.core.fault import ShapeError
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops.apply import Layer
from shapetypes.static import (
    attributes,
    calls,
    conditions,
    joined_items,
    module_values,
    objects,
    operators,
    renewal,
    statements,
    union_members,
    windows,
)
from shapetypes.static.engine import Frame, size_of
from shapetypes.static.join import State, join, join_judges, without_missing
from shapetypes.static.values import (
    AT_FAULT,
    Alt,
    ClassRef,
    Func,
    ModuleRef,
    Modules,
    Obj,
    PyDict,
    PyList,
    Range,
    Ref,
    Samples,
    Sure,
    Symbol,
    alternatives,
    by_rank,
    is_open,
    options,
    rebuilt,
    widest,
)


def evaluate(frame: Frame, node: ast.expr) -> Any:
    """The value of an expression; faults in it are reported at the failing part."""
    frame.engine.tick()
    handler = _HANDLERS.get(type(node))
    if handler is None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                evaluate(frame, child)
        return Unknown(f"{type(node).__name__} is not followed")
    value = frame.state.pick(handler(frame, node))
    if isinstance(value, TensorSpec):
        frame.count(node, value)
    return value


def lift(frame: Frame, node: ast.AST, values: list[Any], run: Callable[[list[Any]], Any]) -> Any:
    """Apply an operation to values that may be alternatives.

    It is a fault only if it is one for every alternative that this path allows; the others are dropped.
    """
    if not any(_has_alternatives(v) for v in values):
        try:
            return run(values)
        except ShapeError as error:
            assert error.fault is not None
            frame.report(error.fault, node)
            return Unknown(AT_FAULT)
    combos = _combinations(frame, values)
    if combos is None:
        combos = _fewer_combinations(frame, values)
        if combos is None:
            return Unknown("too many alternatives")
    return _run_combinations(frame, node, combos, run)


def _fewer_combinations(frame: Frame, values: list[Any]) -> list[tuple[frozenset[Any], list[Any]]] | None:
    """Combinations where there are too many: operands go on as what their alternatives have in common.

    What is called (the first) keeps its alternatives longest, and so do those that have few.
    """
    values = list(values)
    order = sorted(range(1, len(values)), key=lambda i: -len(_spread(frame, values[i]) or range(99)))
    for i, fewer in [*((i, _grouped) for i in order), *((i, _widened) for i in (*order, 0))]:
        values[i] = fewer(frame, values[i])
        combos = _combinations(frame, values)
        if combos is not None:
            return combos
    return None


def _grouped(frame: Frame, value: Any) -> Any:
    """A value with fewer alternatives, one for each number of axes."""
    value = frame.state.pick(value)
    return alternatives(by_rank(value.options)) if isinstance(value, Alt) else value


def _widened(frame: Frame, value: Any) -> Any:
    """A value without alternatives that says what all of them say."""
    value = frame.state.pick(value)
    if isinstance(value, Alt):
        return widest([v for _, v in value.options])
    if isinstance(value, tuple) and _has_alternatives(value):
        return rebuilt(value, (_widened(frame, v) for v in value))
    if isinstance(value, PyList) and value.items is not None and _has_alternatives(value):
        return PyList(tuple(_widened(frame, v) for v in value.items), None, value.is_list)
    return value


def _run_combinations(frame: Frame, node: ast.AST, combos: list[Any], run: Callable[[list[Any]], Any]) -> Any:
    state = frame.state
    results: list[Any] = []
    failed: list[Any] = []
    survivors: list[tuple[State, frozenset[Any]]] = []
    first_found: list[Any] | None = None
    outcomes: list[tuple[frozenset[Any], list[Any]]] = []
    for conds, combo in combos:
        trial = state.fork()
        conditions.take(frame, trial, conds)
        frame.state = trial
        with frame.engine.capture() as found:
            try:
                value = run(combo)
            except ShapeError as error:
                assert error.fault is not None
                frame.report(error.fault, node)
                value = None
        frame.state = state
        errors = [f for f in found if f.severity == "error"]
        outcomes.append((conds, errors))
        if errors or (found and not survivors):
            first_found = first_found or found
        if errors:
            failed += [(conds | inner, v) for inner, v in options(value)] if value is not None else []
            continue
        survivors.append((trial, conds))
        results += [(conds | inner, v) for inner, v in options(value)]
    if not survivors:
        for diagnostic in first_found or []:
            frame.engine.add(diagnostic)
        return alternatives(failed) if failed else Unknown(AT_FAULT)
    for diagnostic in union_members.never_fits(frame, outcomes):
        frame.engine.add(diagnostic)
    if len(survivors) == 1:
        state.become(survivors[0][0])
    else:
        if any(_changed(state, trial) for trial, _ in survivors):
            state.become(join(state, survivors))
        else:
            join_judges(state.judge, [trial.judge for trial, _ in survivors])
        if first_found and len(survivors) == len(combos):
            for diagnostic in first_found:
                frame.engine.add(diagnostic)
    return alternatives(results) if results else Unknown("no alternative is left")


def _changed(state: State, trial: State) -> bool:
    """Whether an operation has changed a name or an attribute, as `append` does."""
    tables = ((state.env, trial.env), (state.heap, trial.heap))
    return any(len(a) != len(b) or not all(map(is_, a.values(), map(b.get, a))) for a, b in tables)


def _has_alternatives(value: Any) -> bool:
    if isinstance(value, Alt):
        return True
    if isinstance(value, tuple):
        return any(_has_alternatives(v) for v in value)
    if isinstance(value, PyList) and value.items is not None:
        return any(isinstance(v, Alt) for v in value.items)
    return False


def _combinations(frame: Frame, values: list[Any]) -> list[tuple[frozenset[Any], list[Any]]] | None:
    combos: list[tuple[frozenset[Any], list[Any]]] = [(frozenset(), [])]
    for value in values:
        spread = _spread(frame, value)
        if spread is None:
            return None
        longer = []
        for conds, done in combos:
            for more, option in spread:
                if any((key, not flag) in conds for key, flag in more):
                    continue
                longer.append((conds | more, [*done, option]))
        combos = longer
        if len(combos) > 16:
            return None
    return combos or None


def _spread(frame: Frame, value: Any) -> list[tuple[frozenset[Any], Any]] | None:
    """The alternatives of a value, those inside a tuple or list included."""
    value = frame.state.pick(value)
    if isinstance(value, Alt):
        return [pair for pair in value.options if frame.state.consistent(pair[0])]
    if isinstance(value, (tuple, PyList)) and _has_alternatives(value):
        items = value if isinstance(value, tuple) else value.items
        assert items is not None
        combos = _combinations(frame, list(items))
        if combos is None:
            return None
        if isinstance(value, tuple):
            return [(c, tuple(vs)) for c, vs in combos]
        return [(c, PyList(tuple(vs), None, value.is_list)) for c, vs in combos]
    return [(frozenset(), value)]


# -- names and literals -----------------------------------------------------------------------------------------


def _name(frame: Frame, node: ast.Name) -> Any:
    return lookup(frame, node.id)


def lookup(frame: Frame, name: str) -> Any:
    """The value of a name: local, of the functions around, of the module, builtin."""
    if name in frame.state.env:
        return without_missing(frame.state.env[name])
    if frame.closures is not None and name in frame.closures:
        return frame.closures[name]
    return module_values.module_value(frame, frame.module, name)


def resolve(frame: Frame, found: Any, name: str = "") -> Any:
    """A definition as a value: an assigned expression is evaluated in its own module."""
    if not (isinstance(found, tuple) and len(found) == 3 and found[0] == "expr"):
        return found
    _, module, node = found
    key = (module.name, ast.dump(node) if name == "" else name)
    if key in frame.engine.globals_running:
        return Unknown(f"`{name}` refers to itself")
    frame.engine.globals_running.add(key)
    try:
        return calls.evaluate_elsewhere(frame, module, node)
    finally:
        frame.engine.globals_running.discard(key)


def _constant(frame: Frame, node: ast.Constant) -> Any:
    value = node.value
    if isinstance(value, (bool, int, float, str, complex)) or value is None or value is ...:
        return value
    return Unknown("a literal")


def _tuple(frame: Frame, node: ast.Tuple) -> Any:
    items = elements(frame, node.elts)
    return Unknown("a tuple of unknown length") if items is None else items


def _list(frame: Frame, node: ast.List | ast.Set) -> Any:
    items = elements(frame, node.elts)
    if items is None or is_open(items):
        return PyList(None, Unknown("an element of a list of unknown length"), isinstance(node, ast.List))
    return PyList(items, None, isinstance(node, ast.List))


def elements(frame: Frame, nodes: list[ast.expr]) -> tuple[Any, ...] | None:
    """The values of expressions, starred ones spread; None when their number is not known at all."""
    out: list[Any] = []
    known = True
    for node in nodes:
        if not isinstance(node, ast.Starred):
            out.append(evaluate(frame, node))
            continue
        value = evaluate(frame, node.value)
        items = iterate(frame, value)
        if items is not None:
            out += items
        elif isinstance(value, tuple):
            out += value
        else:
            known = False
    return tuple(out) if known else None


def _dict(frame: Frame, node: ast.Dict) -> Any:
    items: dict[Any, Any] | None = {}
    for key, value in zip(node.keys, node.values, strict=True):
        v = evaluate(frame, value)
        if key is None:
            if isinstance(v, PyDict) and v.items is not None and items is not None:
                items.update(v.items)
            else:
                items = None
            continue
        k = evaluate(frame, key)
        if items is not None and isinstance(k, (str, int, float, bool)):
            items[k] = v
        else:
            items = None
    return PyDict(items)


def _joined(frame: Frame, node: ast.JoinedStr) -> Any:
    out = ""
    for part in node.values:
        if isinstance(part, ast.Constant):
            out += str(part.value)
            continue
        assert isinstance(part, ast.FormattedValue)
        value = evaluate(frame, part.value)
        if not isinstance(value, (int, str)) or part.format_spec is not None:
            return Unknown("a string")
        out += str(value)
    return out


def iterate(frame: Frame, value: Any) -> tuple[Any, ...] | None:
    """The items of a value that is iterated over, or None when their number is not known."""
    if isinstance(value, tuple):
        return None if is_open(value) else value
    if isinstance(value, PyList):
        return value.items
    if isinstance(value, Obj):
        return objects.record_items(frame, value)
    if isinstance(value, PyDict):
        return None if value.items is None else tuple(value.items)
    if isinstance(value, Modules):
        if value.kind == "ModuleDict":
            return value.keys
        return value.items
    if isinstance(value, Range):
        return _range_items(value)
    if isinstance(value, TensorSpec) and value.rank:
        size = value.parts[0]
        if isinstance(size, int) and size <= 32:
            return tuple(value.with_shape(value.parts[1:]) for _ in range(size))
    if isinstance(value, str):
        return tuple(value)
    return None


def _range_items(value: Range) -> tuple[Any, ...] | None:
    ends = (value.start, value.stop, value.step)
    if all(isinstance(v, int) for v in ends) and value.step and abs(value.stop - value.start) <= 64 * abs(value.step):
        return tuple(range(*ends))
    return None


def count_of(value: Any) -> Any:
    """How many items there are in a value whose items are not known one by one; None when that is not known."""
    if isinstance(value, (PyList, Modules)):
        return len(value.items) if value.items is not None else value.count
    if isinstance(value, Range) and value.start in (0, 1) and value.step == 1 and isinstance(value.stop, (int, Poly)):
        return value.stop - value.start
    if isinstance(value, TensorSpec) and value.rank:
        return value.parts[0]
    return None


ANY_ITEM = "[_]"
"""How the path of a value shows that it is some item of a list or dict."""


def element(frame: Frame, value: Any, index: Any = None) -> Any:
    """What each item of a value of unknown length is, or the one at an index."""
    if isinstance(value, TensorSpec):
        if value.rank:
            return value.with_shape(value.parts[1:])
        return value.with_shape(None) if value.rank is None else Unknown("a scalar has no rows")
    if isinstance(value, Range):
        return windows.counter(frame, value)
    if isinstance(value, (PyList, PyDict)) and value.element is not None:
        return _one_of(renewal.item(frame, value.element), index)
    if isinstance(value, Modules) and value.element is not None:
        return renewal.Renewal(frame).of(value.element)
    if isinstance(value, Samples):
        return renewal.item(frame, value.item)
    if isinstance(value, tuple) and value and all(isinstance(v, (int, Poly, Var)) for v in value):
        return d.unknown("a size")
    return Unknown("an item of a value of unknown length")


def _one_of(value: Any, index: Any) -> Any:
    """One item of several that a list is declared to hold: its sizes are its own."""
    known = isinstance(index, str) or (isinstance(index, int) and index >= 0)
    if isinstance(value, tuple):
        return rebuilt(value, (_one_of(v, index) for v in value))
    if isinstance(value, PyList) and value.element is not None:
        return PyList(value.items, _one_of(value.element, index), value.is_list)
    if isinstance(value, Symbol) and ANY_ITEM in value.path:
        at = index if known else f"_{d.fresh()}"
        return Symbol(value.path.replace(ANY_ITEM, f"[{at}]", 1), value.owner, value.info)
    if isinstance(value, Poly):
        of = [a for a in d.atoms_of(value) if a.kind == d.FIXED and ANY_ITEM in a.name]
        name = f"[{index}]"
        sizes = {a: d.fixed(a.name.replace(ANY_ITEM, name, 1), a.owner) if known else d.unknown("an item") for a in of}
        return d.substitute(value, sizes)
    return value


# -- conditions --------------------------------------------------------------------------------------------------


def _bool(frame: Frame, node: ast.BoolOp) -> Any:
    """`a or b`: the value of the first operand that decides; paths are forked where that is open."""
    stop = isinstance(node.op, ast.Or)
    known = conditions.truth(frame, node.values[0])
    if known is not None:
        if known == stop or len(node.values) == 1:
            return evaluate(frame, node.values[0])
        rest = node.values[1:]
        return evaluate(frame, rest[0] if len(rest) == 1 else ast.copy_location(ast.BoolOp(node.op, rest), node))
    before = frame.state
    taken, others = before.fork(), before.fork()
    frame.state = taken
    first = evaluate(frame, node.values[0])
    conditions.assume(frame, node.values[0], stop)
    first = _decided(frame.state.pick(first), stop)
    frame.state = others
    conditions.assume(frame, node.values[0], not stop)
    rest = node.values[1:]
    second = evaluate(frame, rest[0] if len(rest) == 1 else ast.copy_location(ast.BoolOp(node.op, rest), node))
    frame.state = before
    key, positive = conditions.condition_key(frame, node.values[0])
    pairs = [] if taken.dead else [(frozenset({(key, positive == stop)}), first)]
    if not others.dead:
        pairs.append((frozenset({(key, positive != stop)}), second))
    return alternatives([(c | i, v) for c, value in pairs for i, v in options(value)])


def _decided(value: Any, truthy: bool) -> Any:
    """Of an operand's alternatives, those with the truth that ends the expression."""
    kept = [(c, _sure(v, truthy)) for c, v in options(value) if conditions.truth_of(v) in (None, truthy)]
    return alternatives(kept) if kept else value


def _sure(value: Any, truth: bool) -> Any:
    return Sure(value.reason, truth) if type(value) is Unknown else value


def _conditional(frame: Frame, node: ast.IfExp) -> Any:
    known = conditions.truth(frame, node.test)
    if known is None:
        evaluate(frame, node.test)
    if known is not None:
        return evaluate(frame, node.body if known else node.orelse)
    before = frame.state
    found = []
    branches = []
    key, positive = conditions.condition_key(frame, node.test)
    # As with `if`: which way a call takes here may hang together with what it was given.
    open_switch = bool(frame.chain) and conditions.is_switch(frame, node.test)
    frame.muted += open_switch
    for holds, part in ((True, node.body), (False, node.orelse)):
        frame.state = branch = before.fork()
        conditions.assume(frame, node.test, holds)
        if not branch.dead:
            value = evaluate(frame, part)
            cond = frozenset({(key, positive == holds)})
            found += [(cond | inner, v) for inner, v in options(frame.state.pick(value))]
            branches.append((frame.state, cond))
    frame.muted -= open_switch
    frame.state = before
    if any(branch.heap.keys() != before.heap.keys() for branch, _ in branches):
        before.heap = join(before, branches).heap  # the objects that a branch has made
    return alternatives(found) if found else Unknown("no path leads here")


# -- the rest -----------------------------------------------------------------------------------------------------


def _attribute(frame: Frame, node: ast.Attribute) -> Any:
    owner = evaluate(frame, node.value)
    value = lift(frame, node, [owner], lambda v: attributes.attribute(frame, node, v[0], node.attr))
    if isinstance(value, (Obj, Layer, Symbol)) and frame.func is not None and node.attr in _patched(frame.func):
        return Unknown("its `forward` is replaced here")
    return without_missing(value) if isinstance(owner, Alt) else value


def _patched(func: Func) -> frozenset[str]:
    """The attributes whose modules get another `forward` somewhere in a function; remembered at its node."""
    known: frozenset[str] | None = getattr(func.node, "shapetypes_patched", None)
    if known is None:
        targets = [t for n in func.module.inside(func.node, ast.Assign) for t in n.targets]
        forwards = [t.value for t in targets if isinstance(t, ast.Attribute) and t.attr == "forward"]
        known = frozenset(owner.attr for owner in forwards if isinstance(owner, ast.Attribute))
        func.node.shapetypes_patched = known  # type: ignore[union-attr]
    return known


def _subscript(frame: Frame, node: ast.Subscript) -> Any:
    owner = evaluate(frame, node.value)
    if isinstance(owner, Ref) and owner.path in joined_items.PATHS:
        path = owner.path
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        values = [evaluate(frame, part) for part in parts]
        return lift(frame, node, values, lambda v: joined_items.joined(frame, node, path, tuple(v)))
    if isinstance(owner, (Ref, ClassRef)):
        return owner
    index = evaluate(frame, node.slice)
    return lift(frame, node, [owner, index], lambda v: attributes.item(frame, node, v[0], v[1]))


def _slice(frame: Frame, node: ast.Slice) -> Any:
    ends = [None if part is None else evaluate(frame, part) for part in (node.lower, node.upper, node.step)]
    return slice(*[e if e is None or size_of(e, frame) is None else size_of(e, frame) for e in ends])


def _lambda(frame: Frame, node: ast.Lambda) -> Any:
    around = {**(frame.closures or {}), **frame.state.env}
    return Func(node, frame.module, None, around)


def _named(frame: Frame, node: ast.NamedExpr) -> Any:
    value = evaluate(frame, node.value)
    frame.state.assign(node.target.id, value)
    return value


def _starred(frame: Frame, node: ast.Starred) -> Any:
    evaluate(frame, node.value)
    return Unknown("a starred value")


def _await(frame: Frame, node: ast.Await) -> Any:
    return evaluate(frame, node.value)


def _yield(frame: Frame, node: ast.Yield | ast.YieldFrom) -> Any:
    value = None if node.value is None else evaluate(frame, node.value)
    if not frame.state.dead:
        frame.yielded.append(value if isinstance(node, ast.Yield) else element(frame, value))
    if isinstance(node, ast.Yield) and node.value is not None and frame.own and not frame.state.dead:
        statements.check_yield(frame, node.value, value)
    return Unknown("what is sent to a generator")


def _call(frame: Frame, node: ast.Call) -> Any:
    return calls.call(frame, node)


def _comprehension(frame: Frame, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Any:
    return statements.comprehension(frame, node)


_HANDLERS: dict[type[ast.AST], Callable[[Frame, Any], Any]] = {
    ast.Name: _name,
    ast.Constant: _constant,
    ast.Tuple: _tuple,
    ast.List: _list,
    ast.Set: _list,
    ast.Dict: _dict,
    ast.JoinedStr: _joined,
    ast.BinOp: operators.binary_expression,
    ast.UnaryOp: operators.unary_expression,
    ast.Compare: operators.compare_expression,
    ast.BoolOp: _bool,
    ast.IfExp: _conditional,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.Lambda: _lambda,
    ast.NamedExpr: _named,
    ast.Starred: _starred,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
    ast.Call: _call,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _comprehension,
}

__all__ = ["Layer", "ModuleRef", "element", "elements", "evaluate", "iterate", "lift", "lookup", "resolve"]
