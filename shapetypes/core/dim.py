"""Sizes of axes: integers and integer polynomials over named atoms.

A *size* (`Dim`) is an `int` or a `Poly`. A polynomial is kept in one sorted normal form, so two sizes that
are equal as polynomials are equal (and hash alike) as Python objects. `//`, `%`, `min` and `max` that do not
divide out become opaque atoms (`Op`). Sizes count elements and may be 0, so nothing is simplified that needs
a divisor to be non-zero, except a constant one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from math import gcd
from typing import Any, TypeAlias, cast

RIGID = "rigid"
FIXED = "fixed"
UNKNOWN = "unknown"

_FUNCTIONS: dict[str, Callable[[int, int], int]] = {
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "min": min,
    "max": max,
}


class _Ranked:
    """Atoms have an order by their `rank`, one comparable type for all: keys nest and may mix numbers with tuples."""

    __slots__ = ("rank",)
    key: tuple[Any, ...]
    rank: str

    def __getattr__(self, name: str) -> str:
        if name != "rank":
            raise AttributeError(name)
        self.rank = repr(self.key)
        return self.rank


class Atom(_Ranked):
    """An indivisible size.

    `kind` is `rigid` (a name of the signature being judged), `fixed` (an int of an object, a config field, an
    int parameter) or `unknown` (equal only to itself). `owner` tells apart equal names of different
    signatures or objects. `linear` marks the ints of one `__init__`, of which sums differ from each other.
    """

    __slots__ = ("_hash", "key", "kind", "linear", "name", "owner")

    def __init__(self, kind: str, name: str, owner: str = "", linear: bool = False) -> None:
        self.kind = kind
        self.name = name
        self.owner = owner
        self.linear = linear
        self.key = (0, kind, name, owner)
        self._hash = hash(self.key)

    def __eq__(self, other: object) -> bool:
        return self is other or (type(other) is Atom and self.key == other.key)

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Atom({self.kind}, {self.name!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (Atom, (self.kind, self.name, self.owner, self.linear))

    def __str__(self) -> str:
        return "?" if self.kind == UNKNOWN else self.name


class Op(_Ranked):
    """An opaque `//`, `%`, `min` or `max` of two sizes: an atom with structure."""

    __slots__ = ("_hash", "args", "key", "op")

    def __init__(self, op: str, left: Dim, right: Dim) -> None:
        self.op = op
        self.args = (left, right)
        self.key = (1, op, sort_key(left), sort_key(right))
        self._hash = hash(self.key)

    def __eq__(self, other: object) -> bool:
        return self is other or (type(other) is Op and self.key == other.key)

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Op({self})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (Op, (self.op, *self.args))

    def __str__(self) -> str:
        left, right = self.args
        if self.op in ("min", "max"):
            return f"{self.op}({left},{right})"
        return f"{_bracket(left)}{self.op}{_bracket(right)}"


AnyAtom: TypeAlias = Atom | Op
Monomial: TypeAlias = tuple[tuple[AnyAtom, int], ...]


class Poly:
    """An integer polynomial that is not a constant. Make one with `name`, `atom` or arithmetic, not directly."""

    __slots__ = ("_atoms", "_hash", "terms")

    def __init__(self, terms: tuple[tuple[Monomial, int], ...]) -> None:
        self.terms = terms
        self._hash = hash(terms)
        self._atoms: frozenset[Atom] | None = None

    @property
    def key(self) -> Any:
        """What it is in plain tuples, which have an order."""
        return tuple((tuple((a.key, p) for a, p in m), c) for m, c in self.terms)

    def __eq__(self, other: object) -> bool:
        return self is other or (type(other) is Poly and self._hash == other._hash and self.terms == other.terms)

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Poly({self})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (Poly, (self.terms,))

    def __str__(self) -> str:
        return _print(self)

    def __add__(self, other: Dim) -> Dim:
        return _sum(self, other, 1) if isinstance(other, (int, Poly)) else NotImplemented

    def __radd__(self, other: Dim) -> Dim:
        return _sum(self, other, 1) if isinstance(other, (int, Poly)) else NotImplemented

    def __sub__(self, other: Dim) -> Dim:
        return _sum(self, other, -1) if isinstance(other, (int, Poly)) else NotImplemented

    def __rsub__(self, other: Dim) -> Dim:
        return _sum(-self, other, 1) if isinstance(other, (int, Poly)) else NotImplemented

    def __neg__(self) -> Poly:
        return Poly(tuple((m, -c) for m, c in self.terms))

    def __mul__(self, other: Dim) -> Dim:
        return _product(self, other) if isinstance(other, (int, Poly)) else NotImplemented

    def __rmul__(self, other: Dim) -> Dim:
        return _product(self, other) if isinstance(other, (int, Poly)) else NotImplemented

    def __floordiv__(self, other: Dim) -> Dim:
        return floordiv(self, other)

    def __rfloordiv__(self, other: Dim) -> Dim:
        return floordiv(other, self)

    def __mod__(self, other: Dim) -> Dim:
        return mod(self, other)

    def __rmod__(self, other: Dim) -> Dim:
        return mod(other, self)

    def __pow__(self, power: int) -> Dim:
        out: Dim = 1
        for _ in range(power):
            out = out * self
        return out

    @property
    def atoms(self) -> frozenset[Atom]:
        """Every atom in it, those inside `//`, `%`, `min` and `max` included."""
        if self._atoms is None:
            self._atoms = frozenset(_walk_atoms(self))
        return self._atoms


Dim: TypeAlias = int | Poly


def atom(a: AnyAtom) -> Poly:
    """The size that is just this atom."""
    return Poly(((((a, 1),), 1),))


@lru_cache(maxsize=65536)
def name(text: str, owner: str = "") -> Poly:
    """A rigid name: the size called `text` in the signature `owner`."""
    return atom(Atom(RIGID, text, owner))


@lru_cache(maxsize=65536)
def fixed(text: str, owner: str = "", linear: bool = False) -> Poly:
    """A size that the code fixes elsewhere: an int of an object, a config field, an int parameter."""
    return atom(Atom(FIXED, text, owner, linear))


_count = 0
_prefix = ""


def fresh() -> str:
    """A mark that no other has within one numbering; later ones sort first."""
    global _count
    _count += 1
    return f"{999_999_999 - _count}{_prefix}"


def unknown(hint: str = "") -> Poly:
    """A fresh unknown size, equal only to itself."""
    return atom(Atom(UNKNOWN, f"?{fresh()}", hint))


@contextmanager
def numbering(prefix: str) -> Iterator[None]:
    """Number unknown sizes anew inside, under a prefix of their own.

    What one piece of code is found to be is the same then whatever was looked at before it.
    """
    global _count, _prefix
    before = _count, _prefix
    _count, _prefix = 0, f" {prefix}"
    try:
        yield
    finally:
        _count, _prefix = before


def atoms_of(d: Dim) -> frozenset[Atom]:
    """The atoms of a size; none for a number."""
    return d.atoms if isinstance(d, Poly) else frozenset()


def is_unknown(d: Dim) -> bool:
    """Whether an unknown atom takes part in this size."""
    return isinstance(d, Poly) and any(a.kind == UNKNOWN for a in d.atoms)


def has_ops(d: Dim) -> bool:
    """Whether an opaque `//`, `%`, `min` or `max` takes part in this size."""
    return isinstance(d, Poly) and any(type(a) is Op for m, _ in d.terms for a, _ in m)


def as_atom(d: Dim) -> Atom | None:
    """The atom, if the size is exactly one plain atom."""
    if isinstance(d, Poly) and len(d.terms) == 1:
        (m, c), *_ = d.terms
        if c == 1 and len(m) == 1 and m[0][1] == 1 and type(m[0][0]) is Atom:
            return m[0][0]
    return None


def sort_key(d: Dim) -> Any:
    """A total order over sizes (numbers first), independent of hashing."""
    return (0, d) if isinstance(d, int) else (1, d.key)


def constant_part(d: Dim) -> int:
    """The constant term."""
    if isinstance(d, int):
        return d
    return next((c for m, c in d.terms if not m), 0)


def _walk_atoms(d: Dim) -> Iterable[Atom]:
    if isinstance(d, Poly):
        for m, _ in d.terms:
            for a, _ in m:
                if type(a) is Atom:
                    yield a
                else:
                    for arg in cast(Op, a).args:
                        yield from _walk_atoms(arg)


def make(terms: Mapping[Monomial, int]) -> Dim:
    """A size from monomials and coefficients: zeros dropped, sorted, a constant folded to an int."""
    kept = [(m, c) for m, c in terms.items() if c]
    if not kept:
        return 0
    if len(kept) == 1:
        return kept[0][1] if not kept[0][0] else Poly((kept[0],))
    kept.sort(key=_sort_terms)
    return Poly(tuple(kept))


def _sort_terms(item: tuple[Monomial, int]) -> Any:
    m = item[0]
    return (-sum(p for _, p in m), tuple((a.rank, p) for a, p in m))


def terms_of(d: Dim) -> tuple[tuple[Monomial, int], ...]:
    """Monomials with their coefficients; the constant has the empty monomial."""
    if isinstance(d, Poly):
        return d.terms
    return (((), int(d)),) if d else ()


def _sum(a: Dim, b: Dim, sign: int) -> Dim:
    if isinstance(b, int) and isinstance(a, Poly):
        return a if b == 0 else _shifted(a, sign * b)
    out = dict(terms_of(a))
    for m, c in terms_of(b):
        out[m] = out.get(m, 0) + sign * c
    return make(out)


def _shifted(a: Poly, by: int) -> Poly:
    """A polynomial and a constant, which is its last term."""
    last = a.terms[-1]
    if last[0]:
        return Poly((*a.terms, ((), by)))
    by += last[1]
    return Poly((*a.terms[:-1], ((), by)) if by else a.terms[:-1])


def times(m: Monomial, n: Monomial) -> Monomial:
    """The product of two monomials."""
    if not m:
        return n
    if not n:
        return m
    powers = dict(m)
    for a, p in n:
        powers[a] = powers.get(a, 0) + p
    return tuple(sorted(powers.items(), key=lambda item: item[0].rank))


def _product(a: Dim, b: Dim) -> Dim:
    if isinstance(b, int):
        a, b = b, a
    if isinstance(a, int) and isinstance(b, Poly):
        return b if a == 1 else Poly(tuple((m, c * a) for m, c in b.terms)) if a else 0
    out: dict[Monomial, int] = {}
    for m, c in terms_of(a):
        for n, e in terms_of(b):
            k = times(m, n)
            out[k] = out.get(k, 0) + c * e
    return make(out)


def product(sizes: Iterable[Dim]) -> Dim:
    """The number of elements: 1 for no sizes."""
    out: Dim = 1
    for s in sizes:
        out = out * s
    return out


def floordiv(a: Dim, b: Dim) -> Dim:
    """`a // b`, with everything divided out that a constant `b` divides.

    Raises:
        ZeroDivisionError: `b` is the number 0.
    """
    if isinstance(a, int) and isinstance(b, int):
        return a // b
    if isinstance(b, Poly):
        return 0 if a == 0 else atom(Op("//", a, b))
    if b == 0:
        raise ZeroDivisionError("a size divided by 0")
    if b < 0:
        return floordiv(-1 * a, -b)
    return _floordiv_by(a, b)


def _floordiv_by(a: Dim, b: int) -> Dim:
    whole: dict[Monomial, int] = {}
    rest: dict[Monomial, int] = {}
    for m, c in terms_of(a):
        whole[m], left = (c // b, c % b) if not m else ((c // b, 0) if c % b == 0 else (0, c))
        if left:
            rest[m] = left
    remainder = make(rest)
    if isinstance(remainder, int):
        return make(whole)  # 0 <= remainder < b
    common = b
    for m, c in remainder.terms:
        if m:
            common = gcd(common, c)
    if common > 1:
        # floor((g*y + r) / (g*m)) = floor((y + floor(r/g)) / m)
        return make(whole) + _floordiv_by(make({m: c // common for m, c in rest.items()}), b // common)
    nested = _nested_division(remainder)
    if nested is not None:
        inner, by, shift = nested
        return make(whole) + _floordiv_by(inner + shift * by, by * b)
    return make(whole) + atom(Op("//", remainder, b))


def _nested_division(d: Poly) -> tuple[Dim, int, Dim] | None:
    """`x//m + y` as `(x, m, y)`: floor divisions by constants compose."""
    found = None
    rest: dict[Monomial, int] = {}
    for m, c in d.terms:
        inner = m[0][0] if c == 1 and len(m) == 1 and m[0][1] == 1 else None
        if not isinstance(inner, Op) or inner.op != "//" or not isinstance(inner.args[1], int):
            rest[m] = c
        elif found:
            return None
        else:
            found = inner.args
    if found is None:
        return None
    return found[0], cast(int, found[1]), make(rest)


def mod(a: Dim, b: Dim) -> Dim:
    """`a % b`, with the terms that a constant `b` divides left out.

    Raises:
        ZeroDivisionError: `b` is the number 0.
    """
    if isinstance(a, int) and isinstance(b, int):
        return a % b
    if isinstance(b, Poly):
        return 0 if a == 0 else atom(Op("%", a, b))
    if b == 0:
        raise ZeroDivisionError("a size modulo 0")
    if abs(b) == 1:
        return 0
    rest = make({m: (c % b if b > 0 or not m else c) for m, c in terms_of(a)})
    return rest % b if isinstance(rest, int) else atom(Op("%", rest, b))


def minimum(a: Dim, b: Dim) -> Dim:
    """The smaller of two sizes; exact when their difference is a constant."""
    return _extreme("min", a, b)


def maximum(a: Dim, b: Dim) -> Dim:
    """The larger of two sizes; exact when their difference is a constant."""
    return _extreme("max", a, b)


def _extreme(op: str, a: Dim, b: Dim) -> Dim:
    gap = a - b
    if isinstance(gap, int):
        return a if (gap <= 0) == (op == "min") else b
    first, second = sorted((a, b), key=lambda d: repr(sort_key(d)))
    return atom(Op(op, first, second))


def ceildiv(a: Dim, b: int) -> Dim:
    """`a / b` rounded up."""
    return floordiv(a + (b - 1), b)


def apply(op: str, a: Dim, b: Dim) -> Dim:
    """One of `//`, `%`, `min`, `max` by its symbol."""
    table = {"//": floordiv, "%": mod, "min": minimum, "max": maximum}
    return table[op](a, b)


def substitute(d: Dim, values: Mapping[Atom, Dim]) -> Dim:
    """The size with atoms replaced, worked out anew.

    Raises:
        ZeroDivisionError: a divisor became 0.
    """
    if not isinstance(d, Poly) or values.keys().isdisjoint(d.atoms):
        return d
    kept: dict[Monomial, int] = {}
    changed: Dim = 0
    for m, c in d.terms:
        term: Dim = c
        left: list[tuple[AnyAtom, int]] = []
        for a, p in m:
            value = values.get(a) if type(a) is Atom else _substitute_op(cast(Op, a), values)
            if value is None:
                left.append((a, p))
                continue
            for _ in range(p):
                term = term * value
        if len(left) == len(m):
            kept[m] = c
        else:
            changed = changed + (term * Poly(((tuple(left), 1),)) if left else term)
    return changed + make(kept) if kept else changed


def _substitute_op(a: Op, values: Mapping[Atom, Dim]) -> Dim | None:
    """The operation worked out anew; None where nothing in it is replaced."""
    left, right = a.args
    new = substitute(left, values), substitute(right, values)
    return None if new[0] is left and new[1] is right else apply(a.op, *new)


def exact_quotient(a: Dim, b: Dim) -> Dim | None:
    """`q` with `q * b == a` as polynomials, or None when there is none of that form.

    Used where `b` is known to divide `a` without rest (`split`, `view`), so a zero `b` is not in question.
    """
    if a == b:
        return 1
    if isinstance(b, int):
        if b == 0 or any(c % b for _, c in terms_of(a)):
            return None
        return make({m: c // b for m, c in terms_of(a)})
    if len(b.terms) == 1:
        return _divide_by_term(a, *b.terms[0])
    return _long_division(a, b)


def _divide_by_term(a: Dim, n: Monomial, k: int) -> Dim | None:
    out: dict[Monomial, int] = {}
    for m, c in terms_of(a):
        powers = dict(m)
        for x, p in n:
            powers[x] = powers.get(x, 0) - p
        if c % k or any(p < 0 for p in powers.values()):
            return None
        out[tuple((x, p) for x, p in powers.items() if p)] = c // k
    return make(out)


def _long_division(a: Dim, b: Poly) -> Dim | None:
    quotient: Dim = 0
    lead, k = b.terms[0]
    for _ in range(16):
        if a == 0:
            return quotient
        if isinstance(a, int):
            return None
        step = _divide_by_term(Poly((a.terms[0],)), lead, k)
        if step is None:
            return None
        quotient, a = quotient + step, a - step * b
    return None


def content(d: Poly) -> tuple[int, Monomial]:
    """The greatest common divisor of the coefficients, and the largest monomial that divides every term."""
    common = 0
    shared: dict[AnyAtom, int] | None = None
    for m, c in d.terms:
        common = gcd(common, c)
        powers = dict(m)
        shared = powers if shared is None else {a: min(p, powers[a]) for a, p in shared.items() if a in powers}
    return common, tuple((shared or {}).items())


def evaluate(d: Dim, values: Mapping[Atom, int]) -> int:
    """The number that the size is when every atom has a value.

    Raises:
        KeyError: an atom has no value.
        ZeroDivisionError: a divisor is 0.
    """
    if isinstance(d, int):
        return d
    total = 0
    for m, c in d.terms:
        term = c
        for a, p in m:
            if isinstance(a, Atom):
                value = values[a]
            else:
                value = _FUNCTIONS[a.op](evaluate(a.args[0], values), evaluate(a.args[1], values))
            term *= value**p
        total += term
    return total


def _bracket(d: Dim) -> str:
    text = str(d)
    if isinstance(d, Poly) and as_atom(d) is None:
        return f"({text})"
    return text


def _print(d: Poly) -> str:
    # Positive terms first, so that a size never starts with a minus if it can be helped.
    out = ""
    for m, c in sorted(d.terms, key=lambda term: term[1] < 0 or not term[0]):
        bare = len(m) == 1 and abs(c) == 1 and (c > 0 or bool(out))
        text = "*".join(_factor(a, p, not bare) for a, p in m)
        size = text if text and abs(c) == 1 else (f"{abs(c)}*{text}" if text else str(abs(c)))
        out += ("-" if c < 0 else "+" if out else "") + size
    return out


def _factor(a: AnyAtom, p: int, in_product: bool) -> str:
    text = str(a)
    if isinstance(a, Op) and a.op in ("//", "%") and (in_product or p > 1):
        text = f"({text})"
    return "*".join([text] * p)
