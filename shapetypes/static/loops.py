"""Loops: unrolled where the items are known, else run with what a loop changes made general."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from shapetypes.core.dim import FIXED, RIGID, Poly, atoms_of
from shapetypes.core.judge import Judge
from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.ops.apply import Layer
from shapetypes.static import conditions, expressions as ex, growing, items as items_of, objects, statements
from shapetypes.static.engine import Frame, Loop
from shapetypes.static.join import NO_NAME, State, generalise, join, soften
from shapetypes.static.values import ClassRef, ModuleRef, Obj, Range, Ref, same

UNROLL = 24
"""Turns that are taken one by one, whatever the body."""

SMALL = 2000
"""Nodes of the body, taken as often as there are turns, up to which more turns are."""


def run_for(frame: Frame, node: ast.For | ast.AsyncFor) -> None:
    """A `for` loop."""
    value = ex.evaluate(frame, node.iter)
    items = ex.iterate(frame, value)
    if items is not None and _is_short(node, len(items)):
        _unrolled(frame, node, items)
        return

    items_of.taken_in_turn(frame, node)

    def enter(f: Frame) -> None:
        statements.assign(f, node.target, ex.element(f, value))

    def begin(f: Frame) -> None:
        counter = isinstance(value, Range)
        statements.assign(f, node.target, value.start if counter else ex.element(f, value))

    many = ex.count_of(value)
    known = turns(frame, value.stop if isinstance(value, Range) and value.start == 0 else many)
    count = None if _leaves(node.body) else many
    _general(frame, node.body, enter, begin if known else None, sure=known == _SURE, count=count)
    if not frame.state.dead:
        statements.run(frame, node.orelse)


def _is_short(node: ast.For | ast.AsyncFor, turns: int) -> bool:
    return turns <= UNROLL or turns * sum(1 for part in node.body for _ in ast.walk(part)) <= SMALL


def _leaves(body: list[ast.stmt]) -> bool:
    """Whether a turn may end before the end of the body, or be the last one."""
    return any(isinstance(part, (ast.Break, ast.Continue)) for node in body for part in ast.walk(node))


_MEANT, _SURE = 1, 2


def turns(frame: Frame, count: Any) -> int:
    """Whether a number of turns is surely one or more, or is meant to be: an int of the user's.

    A first turn that cannot work is wrong in either case: only a loop that never runs would be spared by it.
    """
    stop = frame.state.judge.reduce(count) if isinstance(count, Poly) else count
    if isinstance(stop, int):
        return _SURE if stop > 0 else 0
    if not isinstance(stop, Poly) or len(stop.terms) != 1:
        return 0
    kinds = {a.kind for a in atoms_of(stop)}
    return _SURE if kinds <= {RIGID} else _MEANT if kinds <= {RIGID, FIXED} else 0


def _unrolled(frame: Frame, node: ast.For | ast.AsyncFor, items: tuple[Any, ...]) -> None:
    left: list[State] = []
    for item in items:
        loop = Loop()
        frame.loops.append(loop)
        statements.assign(frame, node.target, item)
        statements.run(frame, node.body)
        frame.loops.pop()
        left += loop.breaks
        frame.state = _merge(frame.state, [frame.state, *loop.continues], node)
        if frame.state.dead:
            break
    if not frame.state.dead:
        statements.run(frame, node.orelse)
    frame.state = _merge(frame.state, [frame.state, *left], node)


def _merge(before: State, states: list[State], node: ast.AST) -> State:
    if len(states) == 1:
        return states[0]
    return join(before, [(s, frozenset({(f"loop {id(node)} {i}", True)})) for i, s in enumerate(states)])


def run_while(frame: Frame, node: ast.While) -> None:
    """A `while` loop."""
    known = conditions.truth(frame, node.test)
    if known is False:
        statements.run(frame, node.orelse)
        return
    endless = isinstance(node.test, ast.Constant) and bool(node.test.value)

    def enter(f: Frame) -> None:
        ex.evaluate(f, node.test)
        if conditions.truth(f, node.test) is None:
            conditions.assume(f, node.test, True)
            f.state.dead = False

    _general(frame, node.body, enter, enter if known is True else None, sure=known is True, endless=endless)
    if not frame.state.dead:
        statements.run(frame, node.orelse)


def _general(
    frame: Frame,
    body: list[ast.stmt],
    enter: Callable[[Frame], None],
    begin: Callable[[Frame], None] | None,
    *,
    sure: bool,
    endless: bool = False,
    count: Any = None,
) -> None:
    """A loop of unknown length: what the body changes is made general, then the body is judged once with that.

    A fault that shows only with the values at entry counts only if the loop is meant to run: `begin` enters its first
    turn. `count` is the number of turns, where that is a size.
    """
    start = frame.state
    lists = growing.found(start, body)
    general = start.fork()
    judges = []
    if _silent(frame, body, enter, start) is None:
        # Every turn seems to leave: a sign that something is not known as well as it seems.
        _forget_changed(general, body)
        start = general.fork()
    for _ in range(4):
        end = _silent(frame, body, enter, general)
        judges += [] if end is None else [end.judge]
        if end is not None:
            growing.emptied(lists, end)
        wider = blurred(general, _without_made(general, end)) if end is not None else general
        if _same_names(general, wider):
            break
        general = wider
    else:
        general = _forgotten(start, general)
    if begin is not None and not _same_names(start, general):
        _once(frame, body, begin, start.fork())
    out, breaks = _once(frame, body, enter, general.fork())
    if not out.dead:
        growing.take(lists, start, out)
    for state in (out, *breaks):
        growing.emptied(lists, state)
    soften(start.judge, [*judges, out.judge, *(state.judge for state in breaks)])
    ends = list(breaks)
    if not endless:
        ends.append(blurred(general, out) if not out.dead else general)
        if not sure:
            ends.append(start)
    if not ends:
        start.dead = True
        frame.state = start
        return
    result = ends[0]
    for state in ends[1:]:
        result = blurred(result, state)
    result.judge = start.judge
    result.conds = dict(start.conds)
    result.dead = False
    growing.fill(lists, result, count)
    frame.state = result


def _once(
    frame: Frame, body: list[ast.stmt], enter: Callable[[Frame], None], state: State
) -> tuple[State, list[State]]:
    loop = Loop()
    frame.loops.append(loop)
    frame.state = state
    enter(frame)
    if not frame.state.dead:
        statements.run(frame, body)
    frame.loops.pop()
    out = frame.state
    for other in loop.continues:
        out = other if out.dead else blurred(out, other)
    return out, loop.breaks


def _silent(frame: Frame, body: list[ast.stmt], enter: Callable[[Frame], None], state: State) -> State | None:
    """The path after one turn of the body, with nothing reported."""
    returns, yielded = len(frame.returns), len(frame.yielded)
    own, frame.own = frame.own, False
    with frame.engine.capture():
        out, _ = _once(frame, body, enter, state.fork())
    frame.own = own
    del frame.returns[returns:]
    del frame.yielded[yielded:]
    return None if out.dead else out


def _without_made(before: State, end: State) -> State:
    """The end of a turn without the attributes of what the turn has made: the next turn makes others."""
    made = {key[0] for key in end.heap if key[1] == objects.MADE and key not in before.heap}
    if not made:
        return end
    out = end.fork()
    out.heap = {key: value for key, value in end.heap.items() if key[0] not in made}
    return out


def _forget_changed(state: State, body: list[ast.stmt]) -> None:
    """Whatever the body assigns, or calls a method of, is unknown."""
    for node in body:
        for part in ast.walk(node):
            target = part.func.value if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) else part
            stores = isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
            if isinstance(target, ast.Name) and target.id in state.env and (stores or target is not part):
                if not isinstance(state.env[target.id], (Obj, ModuleRef, Ref, Layer, ClassRef)):
                    state.assign(target.id, Unknown("a value that changes in a loop"))


def _same_names(a: State, b: State) -> bool:
    return _same_table(a.env, b.env) and _same_table(a.heap, b.heap)


def _same_table(a: dict[Any, Any], b: dict[Any, Any]) -> bool:
    return a.keys() == b.keys() and all(same(v, b[k]) for k, v in a.items())


def _forgotten(start: State, general: State) -> State:
    """No fixed point was found: whatever changed is unknown."""
    out = general.fork()
    for table, first in ((out.env, start.env), (out.heap, start.heap)):
        for name, value in list(table.items()):
            if name in first and not same(value, first[name]):
                table[name] = Unknown("a value that changes in a loop")
    return out


def blurred(a: State, b: State) -> State:
    """A path on which every name is only what both paths say."""
    out = a.fork()
    out.env = _blur(a.env, b.env, b.judge)
    out.heap = _blur(a.heap, b.heap, b.judge)
    out.versions = {
        n: a.versions.get(n, 0) if a.versions.get(n) == b.versions.get(n) else -hash((n, id(out)))
        for n in {*a.versions, *b.versions}
    }
    out.conds = {k: v for k, v in a.conds.items() if b.conds.get(k) == v}
    return out


def repeated(given: Any, once: Any, judge: Judge) -> Any:
    """What comes out where a layer is put behind itself any number of times, of what it makes of a tensor once."""
    if isinstance(given, TensorSpec) and isinstance(once, TensorSpec):
        return generalise(given, _in_words_of(given, once, judge))
    return Unknown("any number of layers")


def _in_words_of(a: Any, b: Any, judge: Judge) -> Any:
    """A tensor with the sizes of another one where they are known to be equal."""
    if not isinstance(a, TensorSpec) or not isinstance(b, TensorSpec) or a.rank is None or a.rank != b.rank:
        return b
    sizes: Any = zip(a.parts, b.parts, strict=True)  # the rank is known, so none of them is variadic
    return b.with_shape(p if judge.equal(q, p) else q for p, q in sizes)


def _blur(a: dict[Any, Any], b: dict[Any, Any], judge: Judge) -> dict[Any, Any]:
    if a is b:
        return dict(a)
    out = {}
    for name in dict.fromkeys((*a, *b)):
        if name in a and name in b:
            out[name] = a[name] if a[name] is b[name] else generalise(a[name], _in_words_of(a[name], b[name], judge))
        elif not isinstance(name, tuple) or isinstance(name[0], int):
            # What a call in the loop has made of a layer is not known to hold after it: it counts as not called.
            # An attribute of a symbol is read anew.
            out[name] = Unknown(NO_NAME)
    return out
