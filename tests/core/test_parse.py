"""Axis strings and layer specs: printing gives back what was read; a bad string is one kind of error, with a column."""

import warnings

import pytest
from hypothesis import example, given, settings, strategies as st

from shapetypes.core import spec as sp
from shapetypes.core.fault import AnnotationError
from shapetypes.core.parse import parse_axes, parse_items, parse_layer_spec

NAME = st.sampled_from(["b", "t", "batch", "d_model", "x1", "größe", "_", "_a", "T"])
PLAIN = st.sampled_from(["b", "t", "d_model", "x1", "größe", "T"])
NUMBER = st.integers(0, 999).map(str)


@st.composite
def expression(draw, depth=2):
    if depth == 0:
        return draw(st.one_of(PLAIN, NUMBER, st.sampled_from(["{self.x}", "{cfg.d}"])))
    rest = expression(depth - 1)
    a, b = draw(rest), draw(rest)
    form = draw(
        st.sampled_from(["{}+{}", "{}-{}", "{}*{}", "({})//{}", "{}%({})", "min({},{})", "max({},{})", "-({})*{}"])
    )
    return form.format(a, b)


@st.composite
def axis(draw):
    kind = draw(st.sampled_from(["name", "fixed", "label", "expr", "broadcast", "any"]))
    if kind == "name":
        return draw(NAME)
    if kind == "fixed":
        return draw(NUMBER)
    if kind == "label":
        return f"{draw(PLAIN)}={draw(st.one_of(NUMBER, expression()))}"
    if kind == "expr":
        return draw(expression())
    return "#" + draw(st.one_of(PLAIN, NUMBER)) if kind == "broadcast" else "_"


@st.composite
def axes(draw, several=False):
    out = draw(st.lists(axis(), max_size=4))
    for _ in range(draw(st.integers(0, 2 if several else 1))):
        out.insert(draw(st.integers(0, len(out))), draw(st.sampled_from(["*batch", "...", "*#s", "#*s", "*_"])))
    return " ".join(out)


@st.composite
def item(draw, depth=1):
    if depth and draw(st.integers(0, 4)) == 0:
        body = "(" + ", ".join(draw(st.lists(item(0), min_size=2, max_size=3))) + ")"
    else:
        dtype = draw(st.sampled_from(["", "", "Bool ", "Float "]))
        body = (dtype + draw(axes(several=True))).strip()
    label = draw(st.sampled_from(["", "", "mask: ", "key_padding_mask: "]))
    optional = draw(st.booleans()) and body not in ("", "Bool", "Float")
    return label + body + ("?" if optional else "")


@st.composite
def layer_spec(draw):
    sides = [", ".join(draw(st.lists(item(), min_size=1, max_size=3))) for _ in range(2)]
    return " -> ".join(sides)


@given(axes())
def test_parse_then_print_is_the_identity(text):
    spec = parse_axes(text)

    assert str(spec) == text
    assert all(text[a.column : a.column + len(a.text)] == a.text for a in spec.axes)
    assert [a.text for a in parse_axes(str(spec)).axes] == [a.text for a in spec.axes]


@given(axes(), st.lists(st.sampled_from([" ", "  ", "\t", "\n "]), min_size=8, max_size=8))
def test_white_space_says_nothing(text, gaps):
    spaced = gaps[0] + "".join(t + g for t, g in zip(text.split(), gaps[1:], strict=False)) + gaps[-1]
    spec = parse_axes(spaced)

    assert str(spec) == text
    assert all(spaced[a.column : a.column + len(a.text)] == a.text for a in spec.axes)


@given(layer_spec())
def test_layer_specs_print_as_they_are_read(text):
    spec = parse_layer_spec(text)

    assert " ".join(str(spec).split()) == " ".join(text.split())
    assert str(parse_layer_spec(str(spec))) == str(spec)


ALPHABET = st.sampled_from(
    [*"abT01 *#?_.,=+-/%(){}[]<>:!~'\"\\\n\t|&@^$", "²", "é", "\0", "->", "...", "min", "if ", "lambda ", "0x", "1_0"]
)
JUNK = st.one_of(
    st.text(max_size=12), st.lists(ALPHABET, max_size=12).map("".join), st.tuples(axes(), ALPHABET, axes()).map("".join)
)


def refused_or_read(read, text):
    """Reading either works or is refused at a column of the text, and never warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return read(text)
        except AnnotationError as error:
            fault = error.fault
    assert fault.code == "bad-annotation"
    assert fault.spec == text
    assert 0 <= fault.column <= len(text)
    assert fault.detail
    return None


@settings(max_examples=1500, deadline=None)
@given(JUNK)
@example("9" * 5000)
@example("²")
@example("(" * 300 + "a" + ")" * 300)
@example("-" * 3000 + "a")
@example("a" + "+a" * 3000)
@example("{" + "(" * 300 + "}")
@example("{\0}")
@example("\ud800")
@example("{\ud800}")
@example("{'\\d'}")
@example("0in x")
@example("{1if x else 2}")
@example("n=")
@example("n==3")
@example("*...")
@example("min()")
@example("True")
@example("None")
def test_axis_strings_are_read_or_refused(text):
    spec = refused_or_read(parse_axes, text)
    if spec is not None:
        assert str(spec).split() == text.split()
        for found in spec.axes:
            if found.expr is not None:
                assert isinstance(found.names, frozenset)


@settings(max_examples=800, deadline=None)
@given(
    st.one_of(JUNK, st.tuples(JUNK, st.just("->"), JUNK).map("".join), st.tuples(layer_spec(), ALPHABET).map("".join))
)
@example(")->")
@example("[a]->b")
@example("{->")
@example("((a,b)->c")
@example("(" * 2000 + "a, b" + ")" * 2000 + "->c")
@example("(a, b")
def test_layer_specs_are_read_or_refused(text):
    refused_or_read(parse_layer_spec, text)
    refused_or_read(parse_items, text)


@settings(max_examples=500, deadline=None)
@given(axes(), st.fixed_dictionaries({n: st.integers(0, 9) for n in ["b", "t", "d_model", "x1", "größe", "T"]}))
def test_expressions_are_worked_out_as_python_does(text, sizes):
    for found in parse_axes(text).axes:
        if found.expr is None or found.holes:
            continue
        source = found.text.split("=")[-1].lstrip("#")
        try:
            want = eval(source, {"__builtins__": {}, "min": min, "max": max}, sizes)
        except ZeroDivisionError:
            continue
        assert sp.evaluate(found.expr, sizes.__getitem__) == want


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("b, t", 1),
        ("b t,c", 3),
        ("(b t) d", 0),
        ("*a b *c", 5),
        ("b 2x", 2),
        ("b *3", 3),
        ("b #_", 2),
        ("b h/2", 2),
        ("b f(x)", 2),
        ("b *", 3),
    ],
)
def test_where_a_bad_string_is_bad(text, column):
    with pytest.raises(AnnotationError) as error:
        parse_axes(text)

    assert error.value.fault.column == column


def test_words_of_python_may_be_names():
    assert [("name", "in"), ("name", "out"), ("var", "lambda")] == [
        (axis.kind, axis.name) for axis in parse_axes("in out *lambda").axes
    ]


def test_a_star_alone_is_any_shape():
    (only,) = parse_axes("*").axes

    assert ("var", "") == (only.kind, only.name)


@pytest.mark.parametrize(("text", "broadcast"), [("#foo=bar", True), ("foo=#bar", True), ("a=b=bar", False)])
def test_labels_and_flags_in_any_order(text, broadcast):
    (only,) = parse_axes(text).axes

    assert ("name", "bar", broadcast) == (only.kind, only.name, only.broadcast)


@pytest.mark.parametrize(
    ("text", "column"), [("a b", 3), ("a -> b -> c", 7), ("a) -> b", 1), ("(a, b -> c", 0), ("a, b, -> 2x", 9)]
)
def test_where_a_bad_spec_is_bad(text, column):
    with pytest.raises(AnnotationError) as error:
        parse_layer_spec(text)

    assert error.value.fault.column == column
