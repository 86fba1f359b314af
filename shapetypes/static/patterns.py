"""`match` statements: which cases can be taken, and what their patterns bind."""

from __future__ import annotations

import ast
from typing import Any

from shapetypes.core.shape import TensorSpec, Unknown
from shapetypes.static import builtin_calls, conditions, expressions as ex, statements
from shapetypes.static.engine import Frame
from shapetypes.static.join import State, join
from shapetypes.static.values import Alt, PyDict, PyList


def run_match(frame: Frame, node: ast.Match) -> None:
    """A `match` statement: cases that surely do not fit are left out, one that surely does is the last."""
    value = ex.evaluate(frame, node.subject)
    before = frame.state
    branches: list[tuple[State, frozenset[Any]]] = []
    chosen = False
    for i, case in enumerate(node.cases):
        frame.state = before.fork()
        fits = _fits(frame, case.pattern, value, node.subject)
        guard = True if case.guard is None or fits is False else conditions.truth(frame, case.guard)
        if fits is False or guard is False:
            continue
        chosen = chosen or fits is None or guard is None
        if chosen:
            frame.state.conds[f"case {id(node)} {i}"] = True
        if fits is None:
            _learn(frame, case.pattern, value, node.subject)
        if case.guard is not None and guard is None:
            ex.evaluate(frame, case.guard)
            conditions.assume(frame, case.guard, True)
        statements.run(frame, case.body)
        branches.append((frame.state, frozenset({(f"case {id(node)} {i}", True)})))
        if fits and guard:
            break
    else:
        branches.append((before.fork(), frozenset({(f"case {id(node)} none", True)})))
    frame.state = join(before, branches)


def _fits(frame: Frame, pattern: ast.pattern, value: Any, subject: ast.expr | None = None) -> bool | None:
    """Whether a value fits a pattern, None when that is open; the pattern's names are bound."""
    if isinstance(value, Alt):
        found = {_fits(frame, pattern, option) for _, option in value.options}
        _forget(frame, pattern)
        return found.pop() if len(found) == 1 else None
    if isinstance(pattern, ast.MatchAs):
        fits = True if pattern.pattern is None else _fits(frame, pattern.pattern, value, subject)
        if pattern.name is not None:
            frame.state.assign(pattern.name, value)
        return fits
    if isinstance(pattern, ast.MatchValue):
        return conditions.compare(frame, ast.Eq(), value, ex.evaluate(frame, pattern.value))
    if isinstance(pattern, ast.MatchSingleton):
        return conditions.compare(frame, ast.Is(), value, pattern.value)
    if isinstance(pattern, ast.MatchOr):
        found = {_fits(frame, p, value) for p in pattern.patterns}
        _forget(frame, pattern)
        return True if True in found else None if None in found else False
    if isinstance(pattern, ast.MatchSequence):
        return _sequence(frame, pattern.patterns, value, subject)
    _forget(frame, pattern)
    if isinstance(pattern, ast.MatchClass):
        fits = builtin_calls.is_instance(frame, value, ex.evaluate(frame, pattern.cls))
        return False if fits is False else None if pattern.patterns or pattern.kwd_patterns else fits
    return False if isinstance(pattern, ast.MatchMapping) and isinstance(value, (*_PLAIN, tuple, PyList)) else None


_PLAIN = (TensorSpec, str, int, float, type(None))
"""What is neither a sequence nor a mapping for a pattern."""


def _sequence(frame: Frame, patterns: list[ast.pattern], value: Any, subject: ast.expr | None) -> bool | None:
    if isinstance(value, (*_PLAIN, PyDict)):
        return False
    star = next((i for i, p in enumerate(patterns) if isinstance(p, ast.MatchStar)), None)
    learned = statements.shape_fact(frame, value, subject, len(patterns), star)
    items = ex.iterate(frame, learned) if isinstance(learned, (tuple, PyList)) else None
    if items is None:
        for p in patterns:
            _forget(frame, p)
        return None
    count = len(patterns)
    if len(items) < count - 1 if star is not None else len(items) != count:
        return False
    after = 0 if star is None else count - star - 1
    found = {_fits(frame, p, v) for p, v in zip(patterns[: count if star is None else star], items, strict=False)}
    if star is not None:
        found |= {_fits(frame, p, v) for p, v in zip(patterns[star + 1 :], items[len(items) - after :], strict=True)}
        rest = patterns[star]
        if isinstance(rest, ast.MatchStar) and rest.name is not None:
            frame.state.assign(rest.name, PyList(tuple(items[star : len(items) - after])))
    if False in found:
        return False
    # What a rank was learned from is itself open.
    return None if None in found or learned is not value else True


def _learn(frame: Frame, pattern: ast.pattern, value: Any, subject: ast.expr | None) -> None:
    """What a pattern that fits says of sizes: `case (1, _)` of two of them."""
    if isinstance(pattern, ast.MatchAs) and pattern.pattern is not None:
        _learn(frame, pattern.pattern, value, subject)
    elif isinstance(pattern, ast.MatchValue):
        wanted = ex.evaluate(frame, pattern.value)
        if subject is not None:
            conditions.assume_rank(frame, subject, wanted)
        conditions.learn_equal(frame, value, wanted)
    elif isinstance(pattern, ast.MatchSequence) and isinstance(value, tuple) and len(value) == len(pattern.patterns):
        parts = subject.elts if isinstance(subject, ast.Tuple) and len(subject.elts) == len(value) else None
        for i, (part, item) in enumerate(zip(pattern.patterns, value, strict=True)):
            _learn(frame, part, item, parts[i] if parts else None)


def _forget(frame: Frame, pattern: ast.pattern) -> None:
    """The names of a pattern are bound to something."""
    for part in ast.walk(pattern):
        name = getattr(part, "name", None) or getattr(part, "rest", None)
        if isinstance(name, str):
            frame.state.assign(name, Unknown("a pattern"))
