"""Sizes of slices, for numbers and for symbols."""

from __future__ import annotations

from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import FIXED, RIGID, Dim, Poly
from shapetypes.core.judge import Judge


def slice_size(judge: Judge, size: Dim, item: slice) -> Dim:
    """How many elements a slice takes from an axis.

    A bound that the code writes is taken to lie within a symbolic axis (`x[:, :-1]` of `t` is `t-1`), except where it
    may be meant to cut: a number or a configured size at the end of a named axis gives an unknown size.

    Args:
        judge: What is known of sizes.
        size: The size of the axis (elements).
        item: The slice; bounds may be symbolic or unknown, the step is positive.
    """
    n = judge.reduce(size)
    start, stop, step = (_known(judge, v) for v in (item.start, item.stop, item.step))
    if all(v is None or isinstance(v, int) for v in (start, stop, step)) and isinstance(n, int):
        return len(range(*slice(start, stop, step).indices(n)))
    first = 0 if start is None else _bound(n, start, cuts=False)
    last = n if stop is None else _bound(n, stop, cuts=True)
    if first is None or last is None or not (step is None or isinstance(step, (int, Poly))):
        return d.unknown("a slice")
    length = last - first
    if isinstance(length, int):
        length = max(length, 0)
    elif _sign(length) is False:
        return d.unknown("a slice")
    return length if step in (None, 1) else d.floordiv(length + step - 1, step)


def _known(judge: Judge, value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return judge.reduce(value) if isinstance(value, Poly) else value


def _bound(n: Dim, value: Any, cuts: bool) -> Dim | None:
    """Where a bound stands on the axis, from the front; None when it is not known."""
    if not isinstance(value, (int, Poly)):
        return None
    sign = _sign(value)
    if sign is False:
        return max(n + value, 0) if isinstance(n, int) and isinstance(value, int) else n + value
    if isinstance(n - value, int):
        return d.minimum(n, value)
    if sign is None:
        return None
    if not cuts:
        return value
    return value if _within(n, value) else None


def _within(n: Dim, value: Dim) -> bool:
    """Whether an end is taken to lie within the axis."""
    if isinstance(value, int):
        return value <= 1 or _least(n) >= value
    kinds = {a.kind for a in d.atoms_of(value)}
    return kinds == {RIGID} or kinds == {a.kind for a in d.atoms_of(n)} == {FIXED}


def _least(n: Dim) -> int:
    """A lower bound of a size whose names are at least 1; 0 where there is none."""
    if isinstance(n, int):
        return n
    if d.has_ops(n) or any(a.kind != RIGID for a in n.atoms) or any(c < 0 for m, c in n.terms if m):
        return 0
    return sum(c for _, c in n.terms)


def _sign(value: Dim) -> bool | None:
    """True for sizes, False for negated sizes, None for a difference of two."""
    signs = {c > 0 for m, c in d.terms_of(value) if m or isinstance(value, int)}
    if isinstance(value, Poly):
        return signs.pop() if len(signs) == 1 else None
    return value >= 0
