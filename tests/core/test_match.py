"""Matching tensors with axis strings: as jaxtyping does it, and without a trace when it fails."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from jaxtyping import Shaped, jaxtyped

from shapetypes.core import dim as d
from shapetypes.core.fault import Origin
from shapetypes.core.judge import Judge
from shapetypes.core.match import Matcher, resolve
from shapetypes.core.parse import parse_axes
from shapetypes.core.scope import Scope
from shapetypes.core.shape import TensorSpec, Unknown, Var, any_var, unknown_var

NAMES = ["a", "b", "c"]
AXIS = st.one_of(
    st.sampled_from([*NAMES, "_", "2", "3", "1", "n=4"]),
    st.sampled_from(["#a", "#b", "#3", "2*a", "a+b", "a-1", "b//2", "min(a,b)"]),
)
SIZES = st.lists(st.integers(0, 5), max_size=4).map(tuple)


@st.composite
def axis_strings(draw):
    out = draw(st.lists(AXIS, max_size=3))
    if draw(st.integers(0, 2)) == 0:
        out.insert(draw(st.integers(0, len(out))), draw(st.sampled_from(["*s", "...", "*#s", "*#t"])))
    return " ".join(out)


def fitting(draw, text):
    """A shape that has a chance to fit: sizes of names are drawn from few numbers."""
    sizes = {"a": draw(st.integers(1, 3)), "b": draw(st.integers(1, 3)), "c": 2}
    out = []
    for axis in parse_axes(text).axes:
        if axis.kind == "var":
            out += draw(st.sampled_from([(), (2,), (2, 3), (1, 3)]))
        elif axis.kind == "fixed":
            out.append(axis.size)
        elif axis.kind == "any":
            out.append(5)
        elif axis.kind == "name":
            out.append(sizes[axis.name] if draw(st.integers(0, 5)) else 1)
        else:
            out.append(max(0, eval(axis.text, {"min": min}, sizes)))
    return tuple(out)


@st.composite
def calls(draw):
    """Arguments of one call: axis strings with shapes, names bound before expressions use them."""
    plain = [("a b", (draw(st.integers(1, 3)), draw(st.integers(1, 3))))]
    for _ in range(draw(st.integers(1, 3))):
        text = draw(axis_strings())
        shape = fitting(draw, text) if draw(st.integers(0, 3)) else draw(SIZES)
        plain.append((text, shape))
    return plain


def accepted_here(call, scope=None):
    matcher = Matcher(scope or Scope(), Judge(), "f()")
    for i, (text, shape) in enumerate(call):
        fault = matcher.take(f"x{i}", parse_axes(text), TensorSpec(shape))
        if fault:
            return fault
    return matcher.finish()


def accepted_by_jaxtyping(call):
    with jaxtyped("context"):
        return all(isinstance(np.zeros(shape), Shaped[np.ndarray, text]) for text, shape in call)


@settings(max_examples=1500, deadline=None)
@given(calls())
def test_numbers_match_as_in_jaxtyping(call):
    fault = accepted_here(call)

    assert (fault is None) == accepted_by_jaxtyping(call)
    if fault is not None:
        assert fault.code in ("dim-mismatch", "rank-mismatch")
        assert fault.operands


def snapshot(scope):
    return [(k, v.size, v.origin, v.broadcast) for k, v in scope.items()]


@settings(max_examples=500, deadline=None)
@given(calls(), st.booleans())
def test_a_failed_trial_leaves_the_scope_as_it_was(call, bound):
    scope = Scope()
    if bound:
        scope.bind("a", 2, Origin("scope", "a"))
        scope.bind("*s", (2,), Origin("scope", "s"))
    before = snapshot(scope)
    trial = scope.trial()
    fault = accepted_here(call, trial)

    assert before == snapshot(scope)
    if fault is None:
        after = snapshot(trial)
        trial.commit()
        assert sorted(after) == sorted(snapshot(scope))
        assert accepted_here(call, scope.trial()) is None


@settings(max_examples=300, deadline=None)
@given(calls(), calls())
def test_going_back_undoes_an_alternative(first, second):
    matcher = Matcher(Scope(), Judge(), "f()")
    for text, shape in first:
        if matcher.take("x", parse_axes(text), TensorSpec(shape)):
            return
    saved = matcher.save()
    before = snapshot(matcher.scope), dict(matcher.judge.known), list(matcher.operands), list(matcher._later)
    for text, shape in second:
        if matcher.take("y", parse_axes(text), TensorSpec(shape)):
            break
    matcher.restore(saved)

    assert before == (snapshot(matcher.scope), matcher.judge.known, matcher.operands, matcher._later)


PARTS = st.one_of(st.integers(0, 5), st.just(Unknown("?")), st.sampled_from([d.name("a", "g"), d.fixed("p")]))


@settings(max_examples=500, deadline=None)
@given(
    st.lists(st.tuples(axis_strings(), st.none() | st.lists(PARTS, max_size=4).map(tuple)), min_size=1, max_size=3),
    st.data(),
)
def test_a_fault_with_unknown_sizes_is_one_for_every_size(call, data):
    """What is refused while sizes are unknown is refused whatever they are."""
    if accepted_here(call) is None:
        return
    other = {}

    def concrete(part):
        if isinstance(part, int):
            return part
        key = part if not isinstance(part, Unknown) else object()
        return other.setdefault(key, data.draw(st.integers(2, 4)))

    solid = [
        (text, data.draw(SIZES) if shape is None else tuple(concrete(part) for part in shape)) for text, shape in call
    ]

    assert accepted_here(solid) is not None


RIGID = {"a": 11, "b": 13, "c": 17}
LEADING = st.permutations([*NAMES]).flatmap(lambda names: st.integers(0, 3).map(lambda n: names[:n]))


@st.composite
def leading(draw, variadics):
    """Axes of different names with at most one variadic part anywhere among them."""
    out = list(draw(LEADING))
    if variadic := draw(st.sampled_from(variadics)):
        out.insert(draw(st.integers(0, len(out))), variadic)
    return out


@settings(max_examples=2000, deadline=None)
@given(leading(["", "*s", "..."]), leading(["", "*s", "*t", "..."]))
def test_a_return_fits_every_number_of_axes_that_a_caller_chooses(given_axes, declared):
    def returned(sizes, parts, extra):
        scope = Scope()
        for name, size in sizes.items():
            scope.bind(name, size, Origin("annotation"))
        if "*s" in given_axes:
            scope.bind("*s", extra, Origin("annotation"))
        judge = Judge()
        judge.strict = True
        shape = tuple(part for axis in given_axes for part in (extra if axis in ("*s", "...") else (parts[axis],)))
        return Matcher(scope, judge, "f()").take("return", parse_axes(" ".join(declared)), TensorSpec(shape))

    symbolic = {name: d.name(name, "f") for name in NAMES}
    part = Var("s", "f") if "*s" in given_axes else any_var()
    told = returned(symbolic, symbolic, (part,))
    real = [returned(RIGID, RIGID, extra) for extra in ((), (2,), (2, 3), (2, 3, 5))]

    assert (told is None) == all(fault is None for fault in real)


@given(st.lists(st.tuples(axis_strings(), SIZES), min_size=1, max_size=3))
def test_nothing_known_is_never_refused(call):
    assert accepted_here([(text, None) for text, _ in call]) is None
    assert accepted_here([(text, (unknown_var(),)) for text, _ in call]) is None


@given(axis_strings())
def test_a_resolved_axis_string_matches_itself(text):
    scope = Scope()
    for i, name in enumerate(NAMES):
        scope.bind(name, 4 + 2 * i, Origin("scope", name))
    for name in ("*s", "*t"):
        scope.bind(name, (2, 3), Origin("scope", name))
    matcher = Matcher(scope, Judge(), "f()")
    shape = resolve(parse_axes(text), scope, matcher)

    assert matcher.take("x", parse_axes(text), TensorSpec(shape)) is None
    assert matcher.finish() is None


def test_expressions_do_not_depend_on_the_order_of_arguments():
    first = [("2*n", (6,)), ("n", (3,))]

    assert accepted_here(first) is None
    assert accepted_here(first[::-1]) is None
    assert accepted_here([("2*n", (6,)), ("n", (4,))]).axis == 0


def test_variadic_names_keep_their_shape():
    batch = Var("batch", "f")
    matcher = Matcher(Scope(), Judge(), "f()")

    assert matcher.take("x", parse_axes("*batch d"), TensorSpec((batch, 4))) is None
    assert matcher.take("y", parse_axes("*batch d"), TensorSpec((batch, 4))) is None
    assert matcher.take("z", parse_axes("*batch d"), TensorSpec((batch, 2, 5))).code in (
        "dim-mismatch",
        "rank-mismatch",
    )


def test_a_hole_is_asked_for_and_left_alone_without_an_answer():
    asked = []
    with_hole = Matcher(Scope(), Judge(), "f()", hole=lambda source: asked.append(source) or 4)
    without = Matcher(Scope(), Judge(), "f()")

    for matcher, refused in ((with_hole, True), (without, False)):
        assert matcher.take("x", parse_axes("{self.d}"), TensorSpec((5,))) is None
        assert (matcher.finish() is not None) is refused
    assert asked == ["self.d"]


def test_who_bound_a_name_is_told():
    fault = accepted_here([("b t", (2, 3)), ("b t", (2, 4))])

    assert ("x1", 1, "t", 4, 3) == (fault.argument, fault.axis, fault.name, fault.got, fault.want)
    assert ("x0", 1) == (fault.origins[0].name, fault.origins[0].axis)


def test_a_scope_without_a_parent_commits_to_nothing():
    with pytest.raises(ValueError, match="parent"):
        Scope().commit()


def test_names_of_a_scope():
    outer = Scope()
    outer.bind("b", 2, Origin("scope", "b"))
    inner = outer.trial()
    inner.bind("t", 3, Origin("argument", "x"))

    assert "b" in inner and "t" in inner and "t" not in outer
    assert 2 == len(inner)
    assert {"b": 2, "t": 3} == {k: v.size for k, v in inner.items()}
    assert repr(inner) == "Scope(b=2, t=3)"
