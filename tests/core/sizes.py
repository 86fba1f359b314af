"""Random sizes with their meaning: each is built twice, as a `Dim` and as a function of integers."""

from hypothesis import strategies as st

from shapetypes.core import dim as d

NAMES = [d.name(x, "f") for x in "nmk"]
FIXED = [d.fixed(x, "o") for x in ("cfg.p", "cfg.q")]
LINEAR = [d.fixed(x, "C", linear=True) for x in ("dim", "hidden", "out")]
UNKNOWNS = [d.atom(d.Atom(d.UNKNOWN, f"?u{i}")) for i in range(2)]


def atom(size):
    return next(iter(size.atoms))


class Both:
    """A size and what it is for given integers (None where a divisor is 0)."""

    def __init__(self, size, value):
        self.size = size
        self.value = value

    def __repr__(self):
        return f"Both({self.size})"


def leaf(size):
    if isinstance(size, int):
        return Both(size, lambda v: size)
    return Both(size, lambda v: v[atom(size)])


def join(op, a, b):
    def value(v):
        x, y = a.value(v), b.value(v)
        if x is None or y is None or (op in ("//", "%") and y == 0):
            return None
        return {
            "+": lambda: x + y,
            "-": lambda: x - y,
            "*": lambda: x * y,
            "//": lambda: x // y,
            "%": lambda: x % y,
            "min": lambda: min(x, y),
            "max": lambda: max(x, y),
        }[op]()

    make = {
        "+": lambda x, y: x + y,
        "-": lambda x, y: x - y,
        "*": lambda x, y: x * y,
        "//": d.floordiv,
        "%": d.mod,
        "min": d.minimum,
        "max": d.maximum,
    }[op]
    try:
        return Both(make(a.size, b.size), value)
    except ZeroDivisionError:
        return None


NUMBERS = st.integers(0, 6)


@st.composite
def expressions(draw, atoms, ops=("+", "-", "*", "//", "%", "min", "max"), depth=3, numbers=NUMBERS):
    """A random expression over these atoms."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return leaf(draw(st.one_of(st.sampled_from(atoms), numbers)))
    op = draw(st.sampled_from(ops))
    rest = expressions(atoms, ops, depth - 1, numbers)
    a = draw(rest)
    # Divisors are mostly small numbers, as in code.
    b = draw(st.one_of(st.integers(1, 6).map(leaf), rest)) if op in ("//", "%") else draw(rest)
    return join(op, a, b) or a


def values(atoms, low=0, high=12):
    """An integer for each atom."""
    return st.fixed_dictionaries({atom(a): st.integers(low, high) for a in atoms})


def number(size, given):
    """What a size is for given integers; None where a divisor is 0."""
    try:
        return d.evaluate(size, given)
    except ZeroDivisionError:
        return None
