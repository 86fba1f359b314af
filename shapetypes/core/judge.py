"""The judge: decides whether sizes agree on a path, and remembers what it had to assume.

`core.compare` knows polynomials alone. A judge adds what holds at one place of the program: names identified with
sizes, equations and divisibilities that an earlier operation or a condition made facts. The rules are those of
`docs/static.md`; with numbers on both sides all of it is plain equality.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import gcd
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.compare import Verdict, compare
from shapetypes.core.dim import FIXED, RIGID, UNKNOWN, Atom, Dim, Monomial, Op, Poly, as_atom, make, substitute
from shapetypes.core.fault import Origin
from shapetypes.core.shape import Var


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sizes that do not agree: `got` stands where `want` is needed.

    Attributes:
        code: `dim-mismatch`, `axis-order` or `indivisible`.
        got: The size found (elements), as the user wrote it.
        want: The size needed.
        origins: Where the sizes came from: earlier identifications of the names in them.
        twin: For `axis-order`, the axis at which the wanted size already stands.
    """

    code: str
    got: Any
    want: Any
    origins: tuple[Origin, ...] = ()
    twin: int | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: the operand's axes and which of them it is, for the twin rule."""

    parts: Sequence[Any] = ()
    axis: int | None = None


NO_SIDE = Side()


class Judge:
    """What is known of sizes on one path.

    Attributes:
        known: Atoms that have been found to be another size, with where.
        written: Expressions that the user wrote as axes in the signature being judged.
        soft: Names that were identified on some of the paths that lead here, and variadic parts whose number of axes
            was looked at: nothing strict is said of them.
        strict: Whether nothing may be identified (a `return`, an annotated local).
        here: The origin that new identifications are kept with.
        assumed: Every identification in order, for `--strict` and hover.
    """

    def __init__(self, written: frozenset[Dim] = frozenset()) -> None:
        # Forks share these two: they are replaced, never changed.
        self.known: Mapping[Atom, Dim] = {}
        self.origins: Mapping[Atom, Origin] = {}
        self.divisible: tuple[tuple[Dim, Dim], ...] = ()
        self.unequal: tuple[Dim, ...] = ()
        self.written = written
        self.soft: frozenset[Any] = frozenset()
        self.strict = False
        self.here: Origin | None = None
        self._worked_out: tuple[Any, Any, dict[Any, Any]] = self.known, self.divisible, {}

    def fork(self) -> Judge:
        """A copy for a branch or a trial: what it learns stays in it."""
        out = type(self).__new__(type(self))
        out.__dict__.update(self.__dict__)
        return out

    def adopt(self, other: Judge) -> None:
        """Take over everything that a fork has learned."""
        self.known, self.origins = other.known, other.origins
        self.divisible, self.unequal, self.soft = other.divisible, other.unequal, other.soft

    # -- reading ----------------------------------------------------------------------------------------------

    def reduce(self, size: Dim) -> Dim:
        """The size with everything known put in."""
        if isinstance(size, int):
            return size
        memo = self._memo()
        found = memo.get(size)
        if found is None:
            found = memo[size] = self._reduced(size)
        return found

    def _memo(self) -> dict[Any, Any]:
        """What was worked out under the same knowledge, by this judge or by those it was forked from."""
        known, divisible, memo = self._worked_out
        if known is not self.known or divisible is not self.divisible:
            memo = {}
            self._worked_out = self.known, self.divisible, memo
        return memo

    def _reduced(self, size: Dim) -> Dim:
        try:
            size = substitute(size, self.known)
        except ZeroDivisionError:
            return d.unknown("division by zero")
        for n, by in self.divisible:
            size = _cancel(size, n, by)
        return size

    def verdict(self, a: Dim, b: Dim) -> Verdict:
        """Compare two sizes under what is known, learning nothing."""
        if a == b:
            return Verdict.EQUAL
        memo, key = self._memo(), (a, b, self.written, self.unequal)
        found = memo.get(key)
        if found is None:
            found = memo[key] = self._verdict(a, b)
        return found

    def _verdict(self, a: Dim, b: Dim) -> Verdict:
        a, b = self.reduce(a), self.reduce(b)
        out = compare(a, b, self.written)
        if out is Verdict.UNKNOWN and self.unequal:
            gap = a - b
            if any(gap == self.reduce(u) or gap == self.reduce(-1 * u) for u in self.unequal):
                return Verdict.DIFFERENT
        return out

    def equal(self, a: Dim, b: Dim) -> bool:
        """Whether two sizes are surely equal."""
        return self.verdict(a, b) is Verdict.EQUAL

    def differ(self, a: Dim, b: Dim) -> bool:
        """Whether two sizes surely differ."""
        return self.verdict(a, b) is Verdict.DIFFERENT

    def where(self, *sizes: Dim) -> tuple[Origin, ...]:
        """The origins of the identifications that take part in these sizes."""
        seen: dict[Atom, Origin] = {}
        for size in sizes:
            for a in sorted(d.atoms_of(size), key=lambda x: x.key):
                if a in self.origins:
                    seen.setdefault(a, self.origins[a])
        return tuple(seen.values())

    # -- requiring --------------------------------------------------------------------------------------------

    def same(self, got: Dim, want: Dim, got_side: Side = NO_SIDE, want_side: Side = NO_SIDE) -> Conflict | None:
        """Require two sizes to be equal; learn the equation when they may be.

        Args:
            got: The size that is there (elements).
            want: The size that is needed.
            got_side: The operand that `got` is an axis of.
            want_side: The operand that `want` is an axis of, if it is one.

        Returns:
            None, or the conflict when the sizes surely differ.
        """
        if got == want:
            return None
        verdict = self.verdict(got, want)
        if verdict is Verdict.EQUAL:
            return None
        if verdict is Verdict.DIFFERENT:
            return self._conflict("dim-mismatch", got, want)
        a, b = self.reduce(got), self.reduce(want)
        crossed = self._crossed(a, b, got_side)
        if crossed is None:
            crossed = self._crossed(b, a, want_side)
        if crossed is not None:
            origins = (Origin("twin", size=want, axis=crossed), *self.where(got, want))
            return Conflict("axis-order", self.told(got), want, origins, crossed)
        if self.strict:
            return self._strictly(got, want, a, b)
        return self._identify(got, want, a, b, got_side, want_side)

    def _conflict(self, code: str, got: Dim, want: Dim) -> Conflict:
        return Conflict(code, self.told(got), self.told(want), self.where(got, want))

    def told(self, size: Dim) -> Dim:
        """The size as messages show it: what is known of one that has no name, else as the user wrote it."""
        return self.reduce(size) if d.is_unknown(size) else size

    def _strictly(self, got: Dim, want: Dim, a: Dim, b: Dim) -> Conflict | None:
        """Nothing is identified: a name against a size that it was never found to be is a conflict."""
        if a == 1 and _is_name(want):
            return self._conflict("dim-mismatch", got, want)  # a name never counts as 1
        gap = a - b
        kinds = {x.kind for x in d.atoms_of(gap)}
        if UNKNOWN in kinds or len({x.owner for x in d.atoms_of(gap) if x.kind == RIGID}) > 1:
            return None
        if d.has_ops(gap) and not (_apart(a, b) or _apart(b, a)):
            return None
        if not self.soft.isdisjoint(d.atoms_of(gap)):
            return None
        both_fixed = RIGID not in kinds and not (isinstance(a, int) or isinstance(b, int))
        if both_fixed and not _two_ints(a, b):
            return None
        if _of_one_name(a, b):
            return None
        return self._conflict("dim-mismatch", got, want)

    def _identify(self, got: Dim, want: Dim, a: Dim, b: Dim, got_side: Side, want_side: Side) -> Conflict | None:
        solved = _solve(a - b)
        if solved is None:
            self.soften((a - b,))
            return None
        found, value = solved
        if value is None:
            return self._conflict("indivisible", got, want)
        if found.kind == RIGID:
            plain = as_atom(a) or as_atom(b)
            in_op = self.here is not None and self.here.what == "identified"
            if value == 1 and (in_op or not (plain and (a == 1 or b == 1))):
                # A name never counts as 1, except where a contract of the user's own says so.
                return self._conflict("dim-mismatch", got, want)
            for size, side in ((a, got_side), (b, want_side)):
                twin = self._twin(found, value, size, side)
                if twin is not None:
                    origins = (Origin("twin", size=value, axis=twin), *self.where(got, want))
                    return Conflict("axis-order", self.told(got), want, origins, twin)
        if found.kind == UNKNOWN and self.here is not None and self.here.what == "call":
            return None  # a contract says what is declared, not what surely is: nothing rests on it
        if isinstance(value, int) and value < 0:
            return None if found.kind == UNKNOWN else self._conflict("dim-mismatch", got, want)
        self.learn(found, value)
        return None

    def _crossed(self, size: Dim, want: Dim, side: Side) -> int | None:
        """The other axis of the same operand that has the wanted size, where this axis has a size computed from names.

        Whether `h//2` is `w//2` or a layer's width is not known by itself; with the wanted size one axis away it is.
        """
        if side.axis is None or want in (0, 1) or d.is_unknown(want) or d.is_unknown(size):
            return None
        if _may_be(size, want) or _may_be(want, size):
            return None
        gap = size - want
        atoms = d.atoms_of(gap)
        if not d.has_ops(gap) or not any(x.kind == RIGID for x in atoms) or not self.soft.isdisjoint(atoms):
            return None
        return self._elsewhere(want, side)

    def _elsewhere(self, size: Dim, side: Side) -> int | None:
        for i, part in enumerate(side.parts):
            if i != side.axis and not isinstance(part, Var) and self.reduce(part) == size:
                return i
        return None

    def _twin(self, found: Atom, value: Dim, size: Dim, side: Side) -> int | None:
        """The other axis of the same operand at which the size that the name would get already stands."""
        if side.axis is None or value in (0, 1) or found not in d.atoms_of(size) or as_atom(size) is None:
            return None
        return None if d.is_unknown(value) else self._elsewhere(value, side)

    # -- learning ---------------------------------------------------------------------------------------------

    def learn(self, found: Atom, value: Dim, origin: Origin | None = None) -> None:
        """Take an atom to be a size from here on."""
        value = self.reduce(value)
        if found in d.atoms_of(value):
            return
        one = {found: value}
        try:
            known = {a: substitute(v, one) for a, v in self.known.items()}
        except ZeroDivisionError:
            return
        known[found] = value
        self.known = known
        if found.kind == UNKNOWN and found in self.soft:
            self.soften((value,))
        origin = origin or self.here
        if found.kind == RIGID and origin is not None:
            where = Origin(origin.what, origin.name, value, origin.axis, origin.place, origin.dim or found.name)
            self.origins = {**self.origins, found: where}

    def soften(self, sizes: Iterable[Any]) -> None:
        """Say nothing strict from here on of the names in these sizes and of variadic parts among them.

        Something unknown may have fixed them.
        """
        sizes = tuple(sizes)
        found: set[Any] = {a for size in sizes if isinstance(size, Poly) for a in d.atoms_of(size) if a.kind == RIGID}
        found.update(part for part in sizes if isinstance(part, Var))
        if not found <= self.soft:
            self.soft = self.soft.union(found)

    def distrust(self, atoms: Iterable[Atom]) -> None:
        """Say nothing strict of names that are found to be one of these: a layer's size that is not known is one."""
        self.soft = self.soft.union(atoms)

    def learn_equal(self, a: Dim, b: Dim) -> bool:
        """Make an equation a fact. False if it surely does not hold."""
        if self.verdict(a, b) is Verdict.DIFFERENT:
            return False
        solved = _solve(self.reduce(a) - self.reduce(b))
        if solved and solved[1] is not None:
            self.learn(solved[0], solved[1])
        return True

    def force_equal(self, a: Dim, b: Dim) -> None:
        """Make an equation a fact even between names that would differ: a condition says so."""
        gap = self.reduce(a) - self.reduce(b)
        zero = _only_atom(gap)
        solved = (zero, 0) if zero is not None else _solve(gap)
        if solved and solved[1] is not None:
            self.learn(solved[0], solved[1], Origin("condition", size=solved[1]))

    def learn_unequal(self, a: Dim, b: Dim) -> bool:
        """Make it a fact that two sizes differ. False if they are surely equal."""
        if self.verdict(a, b) is Verdict.EQUAL:
            return False
        self.unequal = (*self.unequal, a - b)
        return True

    def divides(self, by: Dim, n: Dim) -> Verdict:
        """Whether `by` divides `n` without rest; an unknown answer becomes a fact."""
        n, by = self.reduce(n), self.reduce(by)
        if isinstance(n, int) and isinstance(by, int):
            return Verdict.EQUAL if by and n % by == 0 else Verdict.DIFFERENT
        if d.exact_quotient(n, by) is not None:
            return Verdict.EQUAL
        if isinstance(by, int) and by and isinstance(n, Poly):
            rest = d.mod(n, by)
            if isinstance(rest, int):
                return Verdict.DIFFERENT if rest else Verdict.EQUAL
        self.learn_divides(by, n)
        return Verdict.UNKNOWN

    def learn_divides(self, by: Dim, n: Dim) -> None:
        """Make it a fact that `by` divides `n` without rest."""
        if (n, by) not in self.divisible and not (isinstance(n, int) and isinstance(by, int)):
            self.divisible = (*self.divisible, (n, by))

    def quotient(self, n: Dim, by: Dim) -> Dim:
        """`n / by` where that is known to leave no rest; not known for 0."""
        n, by = self.reduce(n), self.reduce(by)
        if by == 0:
            return d.unknown("a size divided by 0")
        exact = d.exact_quotient(n, by)
        if exact is not None:
            return exact
        self.learn_divides(by, n)
        return d.floordiv(n, by)


def _may_be(size: Dim, other: Dim) -> bool:
    """Whether a size is the `min` or `max` of several, the other one among them."""
    if isinstance(size, int) or len(size.terms) != 1:
        return False
    ((m, c),) = size.terms
    op, power = m[0]
    if not isinstance(op, Op) or op.op not in ("min", "max") or (len(m), c, power) != (1, 1, 1):
        return False
    return any(arg == other or _may_be(arg, other) for arg in op.args)


def _is_name(size: Dim) -> bool:
    found = as_atom(size)
    return found is not None and found.kind == RIGID


def _apart(name: Dim, other: Dim) -> bool:
    """Whether one size is a name and the other one is computed without it."""
    found = as_atom(name)
    return found is not None and found.kind == RIGID and found not in d.atoms_of(other)


def _of_one_name(a: Dim, b: Dim) -> bool:
    """Whether one size is a name of the signature and the other an int of the code that is called the same."""
    x, y = as_atom(a), as_atom(b)
    return x is not None and y is not None and x.name == y.name and {x.kind, y.kind} == {RIGID, d.FIXED}


def _only_atom(gap: Dim) -> Atom | None:
    """The atom that a gap is a multiple of, which is 0 where the gap is."""
    if isinstance(gap, int) or len(gap.terms) != 1:
        return None
    ((m, _),) = gap.terms
    return m[0][0] if len(m) == 1 and isinstance(m[0][0], Atom) else None


def _two_ints(a: Dim, b: Dim) -> bool:
    """Whether the sizes are two int parameters of one function (fields of a config may be equal)."""
    x, y = as_atom(a), as_atom(b)
    return x is not None and y is not None and x.owner == y.owner and "." not in x.name + y.name


def _solve(gap: Dim) -> tuple[Atom, Dim | None] | None:
    """An atom and the size it must be for the gap to be 0; the size is None when no whole number fits.

    Unknown atoms are solved first, then rigid names, then the ints of the code.
    """
    if isinstance(gap, int):
        return None
    number, shared = d.content(gap)
    both_signs = len({c > 0 for _, c in gap.terms}) == 2
    # A factor such as `h//2` may be 0 for a small size; it is taken out where sizes are left on both sides.
    shared = tuple((x, p) for x, p in shared if isinstance(x, Atom) or (both_signs and x.op != "%"))
    if shared or number > 1:
        gap = _without_content(gap, number, shared)
        if isinstance(gap, int):
            return None
    inside = {a for m, _ in gap.terms for x, _ in m if isinstance(x, Op) for arg in x.args for a in d.atoms_of(arg)}
    best: tuple[int, str, Atom, int] | None = None
    for m, c in gap.terms:
        if len(m) != 1 or m[0][1] != 1 or not isinstance(m[0][0], Atom) or m[0][0] in inside:
            continue
        a = m[0][0]
        if sum(a in dict(n) for n, _ in gap.terms) > 1:
            continue
        rank = {UNKNOWN: 0, RIGID: 1, FIXED: 2}[a.kind] + (0 if abs(c) == 1 else 4)
        # Among unknowns the newest goes, so that what an older one stands for is kept.
        key = (rank, a.rank, a, c)
        if best is None or key[:2] < best[:2]:
            best = key
    if best is None:
        return None
    _, _, a, c = best
    rest = gap - c * d.atom(a)
    value = d.exact_quotient(-1 * rest, c)
    if value is None:
        return (a, None) if isinstance(rest, int) else None
    return a, value


def _without_content(gap: Poly, number: int, shared: Monomial) -> Dim:
    out: dict[Monomial, int] = {}
    for m, c in gap.terms:
        powers = dict(m)
        for x, p in shared:
            powers[x] -= p
        out[tuple((x, p) for x, p in powers.items() if p)] = c // number
    return make(out)


def _cancel(size: Dim, n: Dim, by: Dim) -> Dim:
    """Put `n` for `by * (n // by)` and 0 for `n % by`, where `by` divides `n`."""
    if isinstance(size, int) or not d.has_ops(size):
        return size
    try:
        q, r = d.floordiv(n, by), d.mod(n, by)
    except ZeroDivisionError:
        return size
    size = _drop(size, r)
    quotient = _division(q)
    if isinstance(size, int) or quotient is None or d.exact_quotient(n, by) is not None:
        return size
    # n = by * (whole + quotient), so by * quotient is what is left of n.
    left = n - by * (q - d.atom(quotient))
    if isinstance(by, int):
        common = gcd(by, *(c for _, c in d.terms_of(left)))
        left, by = make({m: c // common for m, c in d.terms_of(left)}), by // common
    return _multiply_out(size, quotient, left, by)


def _drop(size: Poly, rest: Dim) -> Dim:
    """The size without the terms that have the factor `rest`, which is 0."""
    if not isinstance(rest, Poly):
        return size
    (m, _), *more = rest.terms
    return size if more or len(m) != 1 else make({n: c for n, c in size.terms if m[0][0] not in dict(n)})


def _division(q: Dim) -> Op | None:
    """The only `//` among the terms of a quotient."""
    found = [x for m, c in d.terms_of(q) if len(m) == c == 1 for x, p in m if isinstance(x, Op) and p == 1]
    return found[0] if len(found) == 1 and found[0].op == "//" else None


def _multiply_out(size: Poly, quotient: Op, value: Dim, by: Dim) -> Dim:
    """Put `value` for `by * quotient`: in all terms together if they have that factor, else in each that has."""
    factors: Dim = 0
    out: Dim = 0
    for m, c in size.terms:
        powers = dict(m)
        if powers.pop(quotient, 0) == 1:
            factors = factors + make({tuple(powers.items()): c})
        else:
            out = out + make({m: c})
    whole = d.exact_quotient(factors, by)
    if whole is not None:
        return out + whole * value
    for m, c in d.terms_of(factors):
        term = make({m: c})
        part = d.exact_quotient(term, by)
        out = out + (term * d.atom(quotient) if part is None else part * value)
    return out
