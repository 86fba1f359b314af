"""Three-valued comparison of sizes: equal, different, unknown. Only *different* is ever a fault."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from math import gcd, lcm
from typing import cast

from shapetypes.core.dim import (
    FIXED,
    RIGID,
    UNKNOWN,
    Atom,
    Dim,
    Monomial,
    Op,
    Poly,
    as_atom,
    atoms_of,
    constant_part,
    content,
    evaluate,
    has_ops,
    make,
    terms_of,
    times,
)


class Verdict(Enum):
    """What is known of the equality of two sizes."""

    EQUAL = "equal"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


# Highly divisible sizes stand beside odd and prime ones, so that `(h-1)//2+1` against `h//2` stays unknown.
_SAMPLES = (
    (720, 480, 360, 960, 240, 1440, 5040, 2520),
    (48, 96, 144, 64, 32, 128, 256, 512),
    (7, 11, 13, 17, 19, 23, 29, 31),
    (60, 61, 64, 65, 72, 73, 80, 81),
    (1024, 27, 1000, 35, 49, 100, 9, 16),
    (2, 3, 4, 5, 6, 8, 10, 12),
    (1, 2, 3, 4, 5, 6, 7, 8),
    (5040, 5040, 5040, 5040, 5040, 5040, 5040, 5040),
    (1, 1, 1, 1, 1, 1, 1, 1),
    (3, 3, 3, 3, 3, 3, 3, 3),
)


def compare(a: Dim, b: Dim, written: frozenset[Dim] = frozenset()) -> Verdict:
    """Compare two sizes (in elements).

    Args:
        a: One size.
        b: The other.
        written: Expressions that the user wrote as axes of the signature being judged: such an expression
            differs from a name as two names do.
    """
    if a == b:
        return Verdict.EQUAL
    gap = a - b
    if isinstance(gap, int):
        return Verdict.DIFFERENT
    if any(x.kind == UNKNOWN for x in gap.atoms):
        return Verdict.UNKNOWN
    left, right = _sides(gap)
    if isinstance(left, int) and isinstance(right, int):
        return Verdict.EQUAL if left == right else Verdict.DIFFERENT
    if has_ops(left) or has_ops(right):
        return _by_samples(cast(Poly, left - right))
    return _compare_plain(left, right, written)


def _sides(gap: Poly) -> tuple[Dim, Dim]:
    """The two sides of `gap == 0`, common factors removed and every coefficient positive."""
    number, shared = content(gap)
    names = tuple((x, p) for x, p in shared if isinstance(x, Atom))
    left, right = _split(gap, number, names)
    if len(names) < len(shared):
        # A factor such as `h//2` may be 0: without it, only names are compared.
        less, more = _split(gap, number, tuple((x, p) for x, p in shared if isinstance(x, Atom) or x.op != "%"))
        if not (isinstance(less, int) or isinstance(more, int) or has_ops(less) or has_ops(more)):
            return less, more
    return left, right


def _split(gap: Poly, number: int, shared: Monomial) -> tuple[Dim, Dim]:
    positive: dict[Monomial, int] = {}
    negative: dict[Monomial, int] = {}
    for m, c in gap.terms:
        powers = dict(m)
        for x, p in shared:
            powers[x] -= p
        rest = tuple((x, p) for x, p in powers.items() if p)
        (positive if c > 0 else negative)[rest] = abs(c) // number
    return make(positive), make(negative)


def _compare_plain(left: Dim, right: Dim, written: frozenset[Dim]) -> Verdict:
    atoms = atoms_of(left) | atoms_of(right)
    if left == 0 or right == 0:
        # A sum of positive terms is never 0; ints of the code (a padding, a stride) may be.
        return Verdict.DIFFERENT if all(x.kind == RIGID for x in atoms) else Verdict.UNKNOWN
    if all(x.kind == FIXED for x in atoms):
        return _compare_ints(left, right, atoms)
    if any(x.kind == FIXED for x in atoms) or len({x.owner for x in atoms}) > 1:
        return Verdict.UNKNOWN
    if isinstance(left, int) or isinstance(right, int):
        return _against_number(left, right)
    one, other = as_atom(left), as_atom(right)
    if (one or left in written) and (other or right in written):
        return Verdict.DIFFERENT
    return Verdict.UNKNOWN


def _against_number(left: Dim, right: Dim) -> Verdict:
    """A polynomial with positive coefficients against a number: different when no positive sizes fit."""
    poly, number = (left, right) if isinstance(right, int) else (right, left)
    assert isinstance(poly, Poly) and isinstance(number, int)
    rest = number - constant_part(poly)
    common = gcd(*(c for m, c in poly.terms if m))
    least = sum(c for m, c in poly.terms if m)
    return Verdict.DIFFERENT if least > rest or rest % common else Verdict.UNKNOWN


def _compare_ints(left: Dim, right: Dim, atoms: frozenset[Atom]) -> Verdict:
    """Ints of one `__init__`: sums of them differ from each other, products may be equal."""
    same_owner = len({x.owner for x in atoms}) == 1
    if same_owner and all(x.linear for x in atoms) and _degree(left) == 1 and _degree(right) == 1:
        return Verdict.DIFFERENT
    return Verdict.UNKNOWN


def _degree(d: Dim) -> int:
    return max((sum(p for _, p in m) for m, _ in d.terms), default=0) if isinstance(d, Poly) else 0


def _by_samples(gap: Poly) -> Verdict:
    """Terms with `//`, `%`, `min`, `max` over rigid names: different only if every sample and a proof say so."""
    atoms = sorted(gap.atoms, key=lambda x: (x.name, x.owner))
    if any(x.kind != RIGID for x in atoms) or len({x.owner for x in atoms}) > 1 or len(atoms) > len(_SAMPLES[0]):
        return Verdict.UNKNOWN
    for row in _SAMPLES:
        for turn in range(len(atoms)):
            values = {x: row[(i + turn) % len(row)] for i, x in enumerate(atoms)}
            try:
                if evaluate(gap, values) == 0:
                    return Verdict.UNKNOWN
            except ZeroDivisionError:
                continue
    proved = _never_zero_alone(gap, atoms[0]) if len(atoms) == 1 else False
    return Verdict.DIFFERENT if proved or _one_sign(gap) or _one_sign(-gap) else Verdict.UNKNOWN


def _never_zero_alone(gap: Poly, name: Atom) -> bool:
    """Exact for one name under divisions by constants: the gap repeats, with a slope, every `period` sizes."""
    period = _period(gap)
    if not period or period > 512 or max(sum(p for _, p in m) for m, _ in gap.terms) > 1:
        return False
    for start in range(1, period + 1):
        first = evaluate(gap, {name: start})
        slope = evaluate(gap, {name: start + period}) - first
        if first == 0 or (slope and first % slope == 0 and -first // slope > 0):
            return False
    return True


def _period(d: Dim) -> int:
    """After how many sizes a linear form with `//` and `%` by constants repeats; 0 if it has another form."""
    if isinstance(d, int):
        return 1
    out = 1
    for m, _ in d.terms:
        for x, _ in m:
            if isinstance(x, Op):
                inner, by = x.args
                if x.op not in ("//", "%") or not isinstance(by, int) or by <= 0:
                    return 0
                out = lcm(out, by * _period(inner))
    return out


def _one_sign(gap: Poly) -> bool:
    """Whether a lower bound of the gap is positive for all positive sizes."""
    bound: dict[Monomial, Fraction] = {}
    for m, c in gap.terms:
        found = _bound(m, upper=c < 0)
        if found is None:
            return False
        for n, k in found:
            bound[n] = bound.get(n, Fraction(0)) + c * k
    return all(c >= 0 for n, c in bound.items() if n) and sum(bound.values()) > 0


def _bound(m: Monomial, upper: bool) -> list[tuple[Monomial, Fraction]] | None:
    """A bound of a monomial (names are positive) by terms without operators; None where none is known."""
    ops = [(x, p) for x, p in m if isinstance(x, Op)]
    names = tuple((x, p) for x, p in m if isinstance(x, Atom))
    if not ops:
        return [(names, Fraction(1))]
    if len(ops) > 1 or ops[0][1] > 1:
        return None
    found = _bound_op(ops[0][0], upper)
    return None if found is None else [(times(names, n), k) for n, k in found]


def _bound_op(x: Op, upper: bool) -> list[tuple[Monomial, Fraction]] | None:
    left, right = x.args
    if not isinstance(right, int) or right <= 0:
        return None
    if x.op == "%":
        return [((), Fraction(right - 1 if upper else 0))]
    if x.op != "//" or has_ops(left):
        return None
    exact = [(m, Fraction(c, right)) for m, c in terms_of(left)]
    return exact if upper else [*exact, ((), Fraction(1 - right, right))]


def contains_op(d: Dim, op: str) -> bool:
    """Whether this operator stands in the size at its top level."""
    return isinstance(d, Poly) and any(isinstance(x, Op) and x.op == op for m, _ in d.terms for x, _ in m)
