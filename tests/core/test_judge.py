"""With facts, a verdict stays right for the integers that the facts are true of."""

from hypothesis import given, settings, strategies as st

from shapetypes.core import dim as d
from shapetypes.core.compare import Verdict
from shapetypes.core.judge import Judge, Side
from tests.core.sizes import FIXED, NAMES, UNKNOWNS, atom, expressions, number

ATOMS = [*NAMES, *FIXED, *UNKNOWNS]


@st.composite
def worlds(draw):
    """Integers for all atoms, names different from each other and above 1."""
    names = draw(st.lists(st.integers(2, 24), min_size=len(NAMES), max_size=len(NAMES), unique=True))
    rest = draw(st.lists(st.integers(1, 24), min_size=len(ATOMS) - len(NAMES), max_size=len(ATOMS) - len(NAMES)))
    return dict(zip((atom(a) for a in ATOMS), [*names, *rest], strict=True))


def sizes_above_zero(world, *sizes):
    """Whether every `//`, `min` and `max` in these sizes is above 0 in this world, as sizes of axes are."""
    for size in sizes:
        for m, _ in d.terms_of(size):
            for x, _ in m:
                if isinstance(x, d.Op):
                    own = number(d.atom(x), world)
                    if own is None or (own <= 0 and x.op != "%") or not sizes_above_zero(world, *x.args):
                        return False
    return True


def teach(judge, kind, a, b, world):
    """Tell the judge something that is true in this world."""
    x, y = number(a, world), number(b, world)
    if x is None or y is None or not sizes_above_zero(world, a, b):
        return
    if kind == "divides" and y > 0 and x % y == 0:
        judge.learn_divides(b, a)
    elif kind == "asked" and y > 0 and x % y == 0:
        assert judge.divides(b, a) is not Verdict.DIFFERENT
    elif kind == "unequal" and x != y:
        assert judge.learn_unequal(a, b)
    elif x == y and kind == "equal":
        assert judge.learn_equal(a, b)
    elif x == y and kind == "forced":
        judge.force_equal(a, b)
    elif x == y and kind == "same":
        assert judge.same(a, b) is None


KINDS = st.sampled_from(["divides", "asked", "unequal", "equal", "forced", "same"])


def pairs(data, world, atoms):
    """Two sizes, made equal in this world half of the time."""
    a, b = data.draw(expressions(atoms, depth=2)).size, data.draw(expressions(atoms, depth=2)).size
    x, y = number(a, world), number(b, world)
    if x is not None and y is not None and data.draw(st.booleans()):
        b = b + (x - y)
    return a, b


@settings(max_examples=600, deadline=None)
@given(st.data(), worlds())
def test_verdicts_under_facts(data, world):
    judge = Judge()
    atoms = data.draw(st.lists(st.sampled_from(ATOMS), min_size=1, max_size=4, unique=True))
    for _ in range(data.draw(st.integers(0, 4))):
        teach(judge, data.draw(KINDS), *pairs(data, world, atoms), world)
    a, b = pairs(data, world, atoms)
    x, y = number(a, world), number(b, world)
    if x is None or y is None or not sizes_above_zero(world, a, b):
        return
    verdict = judge.verdict(a, b)

    assert verdict is not (Verdict.DIFFERENT if x == y else Verdict.EQUAL)
    reduced = judge.reduce(a)
    if d.atoms_of(reduced) <= set(world):
        assert number(reduced, world) in (x, None)


@settings(max_examples=300, deadline=None)
@given(st.data(), worlds())
def test_quotients_under_facts(data, world):
    judge = Judge()
    a, b = pairs(data, world, ATOMS)
    x, y = number(a, world), number(b, world)
    if x is None or y is None or y <= 0 or x % y:
        return
    if isinstance(judge.reduce(b), int) and judge.reduce(b) == 0:
        return
    quotient = judge.quotient(a, b)

    assert number(quotient, world) == x // y
    assert judge.equal(quotient * b, a)


def test_what_a_fork_learns_stays_in_it_until_adopted():
    n, p = NAMES[0], FIXED[0]
    judge = Judge()
    fork = judge.fork()
    assert fork.same(n, 4) is None
    fork.learn_divides(p, n)
    fork.learn_unequal(n, p)

    assert judge.known == {}
    assert judge.divisible == judge.unequal == ()
    assert Verdict.UNKNOWN is judge.verdict(n, 4)
    judge.adopt(fork)
    assert Verdict.DIFFERENT is judge.verdict(n, 5)


def test_a_second_size_of_a_name_is_the_fault():
    n = NAMES[0]
    judge = Judge()

    assert judge.same(n, 784) is None
    assert "dim-mismatch" == judge.same(n, 10).code
    assert judge.same(n, 784) is None


def test_solving_and_divisibility():
    n, p = NAMES[0], FIXED[0]
    judge = Judge()

    assert judge.same(2 * n, 10) is None
    assert judge.equal(n, 5)
    assert "indivisible" == Judge().same(4 * p, 10).code
    assert "dim-mismatch" == Judge().same(2 * n, 9).code


def test_a_divisibility_makes_the_product_the_whole():
    d_model, heads = (d.fixed(x, "o") for x in ("d_model", "heads"))
    judge = Judge()

    assert Verdict.UNKNOWN is judge.verdict(heads * (d_model // heads), d_model)
    judge.learn_divides(heads, d_model)
    assert Verdict.EQUAL is judge.verdict(heads * (d_model // heads), d_model)
    assert Verdict.EQUAL is judge.verdict(d_model % heads, 0)


def test_the_twin_axis():
    batch, time = NAMES[:2]
    twin = Judge().same(time, 50, Side((batch, 50, time), 2), Side((), None))

    assert "axis-order" == twin.code
    assert twin.twin == 1
    assert Judge().same(time, 1, Side((batch, 1, time), 2)) is None


def test_strictly_nothing_is_identified():
    judge = Judge()
    judge.strict = True

    assert "dim-mismatch" == judge.same(NAMES[0], 10).code
    assert judge.same(FIXED[0], 10) is not None
    assert judge.same(FIXED[0], FIXED[1]) is None
    assert judge.same(UNKNOWNS[0], 10) is None
    assert judge.known == {}
