"""`different` is only said where no positive integers make two sizes equal; `equal` is always right."""

from itertools import product

import pytest
from hypothesis import given, settings, strategies as st

from shapetypes.core import dim as d
from shapetypes.core.compare import Verdict, compare
from tests.core.sizes import FIXED, LINEAR, NAMES, UNKNOWNS, expressions, number, values

OTHER = [d.name(x, "g") for x in "nm"]
ATOMS = [*NAMES, *FIXED, *UNKNOWNS, *OTHER]
h, w, t = (d.name(x, "f") for x in "hwt")


def solution(a, b, high=9):
    """Positive integers that make both equal, if a small search finds some."""
    atoms = sorted(d.atoms_of(a) | d.atoms_of(b), key=lambda x: x.rank)
    for row in product(range(1, high), repeat=len(atoms)):
        given_values = dict(zip(atoms, row, strict=True))
        x, y = number(a, given_values), number(b, given_values)
        if x is not None and x == y:
            return given_values
    return None


def declared_different(a, b):
    """Two names of one signature, times the same size."""
    gap = a - b
    names = [x for x in d.atoms_of(gap) if x.kind == d.RIGID]
    for x, y in product(names, names):
        if x.owner == y.owner and x != y:
            q = d.exact_quotient(gap, d.atom(x) - d.atom(y))
            if q is not None and len(d.terms_of(q)) == 1:
                return True
    return False


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_different_is_never_said_where_integers_fit(data):
    atoms = data.draw(st.lists(st.sampled_from(ATOMS), min_size=1, max_size=3, unique=True))
    a, b = data.draw(expressions(atoms, depth=2)), data.draw(expressions(atoms, depth=2))
    if compare(a.size, b.size) is Verdict.DIFFERENT and not declared_different(a.size, b.size):
        assert solution(a.size, b.size) is None


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_the_same_where_both_sides_are_close(data):
    """Most random pairs differ plainly; these differ by little."""
    atoms = data.draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True))
    a = data.draw(expressions(atoms, depth=3)).size
    by, shift = data.draw(st.integers(1, 4)), data.draw(st.integers(-3, 3))
    b = data.draw(st.sampled_from([a // by * by + shift, a % by + shift, (a + shift) // by, d.minimum(a, shift + 3)]))
    if compare(a, b) is Verdict.DIFFERENT and not declared_different(a, b):
        assert solution(a, b, 25) is None


@given(expressions(ATOMS), expressions(ATOMS), values(ATOMS, low=1))
def test_equal_is_always_right(a, b, given_values):
    if compare(a.size, b.size) is Verdict.EQUAL:
        assert number(a.size, given_values) == number(b.size, given_values)
    assert compare(a.size, a.size) is Verdict.EQUAL


@given(expressions(ATOMS), expressions(ATOMS))
def test_the_order_of_the_sides_does_not_matter(a, b):
    assert compare(a.size, b.size) is compare(b.size, a.size)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_ints_of_one_constructor_differ_only_as_sums(data):
    atoms = data.draw(st.lists(st.sampled_from(LINEAR), min_size=1, max_size=2, unique=True))
    a, b = data.draw(expressions(atoms, depth=2)).size, data.draw(expressions(atoms, depth=2)).size
    if compare(a, b) is not Verdict.DIFFERENT or solution(a, b) is None:
        return
    gap = a - b
    factor, shared = d.content(gap)
    rest = d.exact_quotient(gap, d.make({shared: factor}))

    assert isinstance(rest, d.Poly)
    assert not d.has_ops(rest)
    assert max(sum(p for _, p in m) for m, _ in rest.terms) == 1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (t, t - 1),
        (UNKNOWNS[0], UNKNOWNS[0] + 1),
        (2 * h, 2 * h + 1),
        (h, w),
        (h, 2 * h),
        (h, h // 2),
        (h * w, 2 * h * w),
        (d.floordiv(h + 1, 2), d.floordiv(h + 1, 2) + 1),
        (2 * h, 7),
        (h + w, 1),
        (LINEAR[0], LINEAR[1]),
        (LINEAR[0], 2 * LINEAR[0]),
        (2 * LINEAR[0] + LINEAR[1], LINEAR[2]),
        (h // 2 + 1, h + 3),
    ],
    ids=str,
)
def test_different(a, b):
    assert Verdict.DIFFERENT is compare(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (h, 784),
        (h, FIXED[0]),
        (h, w * t),
        (h, w // 2),
        (h, UNKNOWNS[0]),
        (FIXED[0], FIXED[1]),
        (LINEAR[0] * LINEAR[1], LINEAR[2]),
        ((h - 1) // 2 + 1, h // 2),
        (h // 2 * 2, h),
        (h, d.minimum(h, 4)),
        (d.maximum(h, w), h),
        (h, d.name("h", "g")),
        (FIXED[0] // 2, h),
        (h + w, 2),
    ],
    ids=str,
)
def test_unknown(a, b):
    assert Verdict.UNKNOWN is compare(a, b)


def test_an_expression_that_the_user_wrote_differs_from_a_name():
    assert Verdict.UNKNOWN is compare(h, w * t)
    assert Verdict.DIFFERENT is compare(h, w * t, frozenset({w * t}))
