"""One sentence for each kind of fault."""

import re
from pathlib import Path

import pytest

from shapetypes.core import dim as d
from shapetypes.core.dim import name
from shapetypes.core.dtype import FLOATS
from shapetypes.core.fault import CODES, Fault, Operand, Origin
from shapetypes.core.shape import Unknown, Var
from shapetypes.diagnose import headline
from shapetypes.diagnose.sentences import SENTENCES, label

B, T, D, S, C, N = (name(n) for n in ("B", "T", "D", "S", "c", "N"))


def fault(kind, code="dim-mismatch", **fields):
    return Fault(code, kind, **fields)


SAID = [
    # axis
    (
        fault("axis", subject="attn()", argument="k", axis=2, name="D", got=6, want=4),
        "`attn()` argument `k`: axis 2 (`D`) is 6, expected 4",
    ),
    (
        fault("axis", subject="attn()", argument="k", axis=2, name="D", got=S, want=D),
        "`attn()` argument `k`: axis 2 is `S`, expected `D`",
    ),
    (
        fault("axis", subject="Linear", argument="input", axis=1, name="in_features", got=128, want=64),
        "`Linear` argument `input`: axis 1 (`in_features`) is 128, expected 64",
    ),
    (
        fault("axis", subject="head()", argument="return", axis=1, got=2 * C, want=C),
        "`head()` return value: axis 1 is `2*c`, expected `c`",
    ),
    (
        fault("axis", subject="f()", argument="return[1]", axis=0, got=1, want=2),
        "`f()` return value `[1]`: axis 0 is 1, expected 2",
    ),
    (fault("axis", argument="x", axis=0, name="b", got=3, want=4), "`x`: axis 0 (`b`) is 3, expected 4"),
    (fault("axis", axis=0, got=3, want=4), "axis 0 is 3, expected 4"),
    (
        fault("axis", "indivisible", subject="f()", argument="x", axis=0, got=3 * N, want=10),
        "`f()` argument `x`: axis 0 is `3*N`, expected 10: 10 is not a multiple of 3",
    ),
    # what a name was found to be
    (
        fault(
            "axis",
            subject="head()",
            argument="return",
            axis=1,
            name="c",
            got=10,
            want=C,
            origins=(Origin("identified", "Linear(20, 10)", 20, dim="c"),),
        ),
        "`head()` return value: axis 1 is 10, expected `c` = 20",
    ),
    (
        fault("axis", axis=1, got=C, want=256, origins=(Origin("identified", "Linear(784, 9)", 784, dim="c"),)),
        "axis 1 is `c` = 784, expected 256",
    ),
    # two operands
    (
        fault("match", subject="bmm()", argument="mat2", axis=1, got=5, want=4, other="input", other_axis=2),
        "`bmm()` argument `mat2`: axis 1 is 5, expected 4 (axis 2 of `input`)",
    ),
    (
        fault("match", subject="@", argument="other", axis=0, got=5, want=4, other="self", other_axis=1),
        "`@` right operand: axis 0 is 5, expected 4 (axis 1 of the left operand)",
    ),
    (
        fault("match", subject="@", argument="k", axis=1, got=S, want=D, other="q", other_axis=2),
        "`@` operand `k`: axis 1 is `S`, expected `D` (axis 2 of `q`)",
    ),
    (
        fault("broadcast", subject="+", argument="y", axis=0, got=3, want=4, other="x", other_axis=1),
        "`+` operand `y`: axis 0 is 3, expected 4 (axis 1 of `x`) or 1",
    ),
    (
        fault("match", subject="bmm()", argument="mat2", axis=1, got=5, want=4, other="self", other_axis=2),
        "`bmm()` argument `mat2`: axis 1 is 5, expected 4 (axis 2 of the tensor)",
    ),
    # order of axes
    (
        fault("order", "axis-order", subject="f()", argument="x", axis=1, got="b f t", want="b t f"),
        '`f()` argument `x`: the axes are declared as "b f t", elsewhere as "b t f"',
    ),
    (
        fault(
            "twin",
            "axis-order",
            subject="LSTM",
            argument="input",
            axis=2,
            got=name("time"),
            want=50,
            operands=(Operand("input", (name("batch"), 50, name("time")), None, "batch 50 time", 2),),
            origins=(Origin("twin", size=50, axis=1),),
        ),
        '`LSTM` argument `input`: axis 2 (`time`) is used as 50, but 50 is axis 1 (of "batch 50 time")',
    ),
    (
        fault(
            "twin",
            "axis-order",
            subject="LSTM",
            argument="input",
            axis=2,
            got=T,
            want=50,
            operands=(Operand("input", (B, 50, T), None, "*b i", 2),),
            origins=(Origin("twin", size=50, axis=1),),
        ),
        "`LSTM` argument `input`: axis 2 (`T`) is used as 50, but 50 is axis 1 (of (B, 50, T))",
    ),
    (
        fault(
            "twin",
            "axis-order",
            subject="*",
            argument="mask",
            axis=0,
            got=B,
            want=T,
            other="output",
            other_axis=1,
            operands=(Operand("output", (B, T, 256)), Operand("mask", (B, T))),
            origins=(Origin("twin", size=256, axis=1), Origin("identified", "f()", 256, dim="T")),
        ),
        "`*` operand `mask`: axis 0 (`B`) is used as 256, but `T` = 256 is axis 1 (of (B, T))",
    ),
    (
        fault(
            "twin",
            "axis-order",
            subject="index_add()",
            argument="source",
            axis=1,
            got=D,
            want=N,
            operands=(Operand("input", (T, D)), Operand("index", (N,)), Operand("source", (N, D), axis=1)),
            origins=(Origin("twin", size=T, axis=0), Origin("identified", "index_add()", T, dim="N")),
        ),
        "`index_add()` argument `source`: axis 1 is `D`, expected `N` = T",
    ),
    (
        fault(
            "twin",
            "axis-order",
            subject="@",
            argument="k",
            axis=0,
            got=50,
            want=T,
            other="q",
            other_axis=1,
            operands=(Operand("q", (50, T)), Operand("k", (50, 9))),
            origins=(Origin("twin", size=50, axis=0),),
        ),
        "`@` operand `q`: axis 1 (`T`) is used as 50, but 50 is axis 0 (of (50, T))",
    ),
    # ranks
    (
        fault("rank", "rank-mismatch", subject="attn()", argument="q", got=(2, 3), want="B T D"),
        '`attn()` argument `q`: number of axes is 2 in (2, 3), expected 3 ("B T D")',
    ),
    (
        fault("rank", "rank-mismatch", subject="f()", argument="q", got=(), want="*b t d"),
        '`f()` argument `q`: number of axes is 0 in (), expected at least 2 ("*b t d")',
    ),
    (
        fault("rank", "rank-mismatch", subject="Conv2d", argument="input", got=(2, 3), want=(4, 3)),
        "`Conv2d` argument `input`: number of axes is 2 in (2, 3), expected 3 or 4",
    ),
    (
        fault("rank", "rank-mismatch", subject="mT", argument="input", got=(3,), want=(2,), detail="least"),
        "`mT` argument `input`: number of axes is 1 in (3,), expected at least 2",
    ),
    (
        fault("rank", "rank-mismatch", subject="f()", argument="x", got=(Var("batch"), 2, 3), want=1),
        "`f()` argument `x`: number of axes is at least 2 in (*batch, 2, 3), expected 1",
    ),
    (
        fault("ranks", "rank-mismatch", subject="bilinear()", argument="y", got=(2, 3), want=(2, 3, 4), other="x"),
        "`bilinear()` argument `y`: number of axes is 2 in (2, 3), expected 3, as in `x` of (2, 3, 4)",
    ),
    (
        fault("no-axis", "rank-mismatch", subject="sum()", argument="input", axis=3, got=(2, B), want=2),
        "`sum()` argument `input`: axis is 3, expected -2 to 1 for (2, B)",
    ),
    (
        fault("unpack", "rank-mismatch", argument="x.shape", got=(3, B), want=3),
        "`x.shape` has 2 sizes in (3, B), but 3 names unpack it",
    ),
    (
        fault("axis-twice", "rank-mismatch", subject="permute()", axis=1, got=(2, 3)),
        "`permute()`: axis 1 of (2, 3) is named twice, expected once",
    ),
    (
        fault("enlarge", subject="add_()", argument="self", axis=0, got=4, want=1),
        "`add_()`: axis 0 would become 4, expected 1: the target cannot grow",
    ),
    # dtypes
    (
        fault("dtype", "dtype-mismatch", subject="f()", argument="x", got="float64", want="Float32"),
        "`f()` argument `x`: dtype is `float64`, expected `Float32`",
    ),
    (
        fault("dtype", "dtype-mismatch", subject="Embedding", argument="input", got=FLOATS, want="Int"),
        "`Embedding` argument `input`: dtype is `Float`, expected `Int`",
    ),
    (
        fault("dtype", "dtype-mismatch", subject="mm()", argument="mat2", got="float64", want="float32", other="input"),
        "`mm()` argument `mat2`: dtype is `float64`, expected `float32`, the dtype of `input`",
    ),
    # values
    (fault("value", subject="f()", argument="dim", got=3, want=2), "`f()` argument `dim` is 3, expected 2"),
    (
        fault("value", subject="Conv2d", name="padding", got="full", want=frozenset({"same", "valid"})),
        "`Conv2d`: `padding` is `full`, expected `same` or `valid`",
    ),
    (
        fault("value", subject="f()", argument="cutoffs", got=9, want=7, detail="most"),
        "`f()` argument `cutoffs` is 9, expected at most 7",
    ),
    (fault("value", subject="f()", detail="nothing fits"), "`f()`: nothing fits"),
    (fault("least", subject="Conv2d", name="stride", got=0, want=1), "`Conv2d`: `stride` is 0, expected at least 1"),
    (
        fault("least", subject="Conv2d", argument="input", axis=2, got=3, want=5),
        "`Conv2d` argument `input`: axis 2 is 3, expected at least 5",
    ),
    (fault("most", subject="Pool", name="padding", got=3, want=1), "`Pool`: `padding` is 3, expected at most 1"),
    (
        fault("axis", subject="max()", argument="x", axis=0, got=0, want="at least 1"),
        "`max()` argument `x`: axis 0 is 0, expected at least 1",
    ),
    (
        fault("type", "dtype-mismatch", subject="f()", argument="x", got="list", want='Float[Tensor, "B"]'),
        '`f()` argument `x` is `list`, expected `Float[Tensor, "B"]`',
    ),
    (fault("count", subject="x.shape", got=3, want=2), "`x.shape`: number of values is 3, expected 2"),
    (fault("count", subject="permute()", name="axes", got=2, want=3), "`permute()`: number of axes is 2, expected 3"),
    (
        fault("divide", "indivisible", subject="rearrange()", argument="x", axis=1, got=50, want=8),
        "`rearrange()` argument `x`: axis 1 is 50, expected a multiple of 8",
    ),
    (
        fault("divide", "indivisible", subject="MHA", argument="embed_dim", got=10, want=3, name="num_heads"),
        "`MHA` argument `embed_dim` is 10, expected a multiple of 3 (`num_heads`)",
    ),
    (
        fault("divide", "indivisible", subject="split()", got=10, want=3),
        "`split()`: size is 10, expected a multiple of 3",
    ),
    (fault("elements", subject="view()", got=24, want=30), "`view()`: number of elements is 24, expected 30"),
    (
        fault("elements", subject="view()", argument="x", got=(2, 12), want=(2, 15)),
        "`view()` argument `x`: shape is (2, 12) with 24 elements, expected 30 for (2, 15)",
    ),
    (
        fault("elements", subject="view()", got=(B, 12), want=(B, 15)),
        "`view()`: shape is (B, 12), expected as many elements as (B, 15)",
    ),
    # losses and lints
    (
        fault(
            "target",
            "target-mismatch",
            subject="MSELoss",
            argument="target",
            got=(N,),
            want=(N, 1),
            other="input",
            operands=(Operand("input", (N, 1)), Operand("target", (N,))),
        ),
        "`MSELoss` argument `target`: shape is (N,), expected (N, 1), the shape of `input`",
    ),
    (
        fault(
            "target",
            "target-mismatch",
            subject="CrossEntropyLoss",
            argument="target",
            got=(N, 1),
            want=(N,),
            other="input",
            operands=(Operand("input", (N, C)), Operand("target", (N, 1))),
        ),
        "`CrossEntropyLoss` argument `target`: shape is (N, 1), expected (N,) to go with `input` of shape (N, c)",
    ),
    (
        fault("target", "target-mismatch", subject="MSELoss", argument="target", axis=1, got=3, want=5, other="input"),
        "`MSELoss` argument `target`: axis 1 is 3, expected 5 (in `input`)",
    ),
    (
        fault(
            "outer",
            "broadcast-surprise",
            subject="-",
            got=(N, N),
            operands=(Operand("prediction", (N, 1)), Operand("target", (N,))),
        ),
        "`-`: result (N, N) is an outer product of `prediction` (N, 1) and `target` (N,)",
    ),
    (
        fault(
            "surprise",
            "broadcast-surprise",
            subject="-",
            argument="prediction",
            axis=1,
            got=1,
            want=N,
            other="target",
            operands=(Operand("prediction", (N, 1), axis=1), Operand("target", (N,))),
        ),
        "`-`: axis 1 of `prediction` (N, 1) is 1 and is spread over `N` of `target` (N,): an outer product",
    ),
    (
        fault("squeeze", "squeeze-all", axis=0, name="batch", want="batch"),
        '`squeeze()` removes every axis of size 1, axis 0 (`batch`) too when it is 1, but "batch" needs it',
    ),
    (
        fault("squeeze", "squeeze-all", subject="squeeze()", name="batch", spec="batch"),
        '`squeeze()` removes every axis of size 1, `batch` too when it is 1, but "batch" needs it',
    ),
    # annotations and files
    (
        fault("spec", "layer-spec", subject="Linear", spec="B 60 -> B 1", argument="input", axis=1, got=60, want=50),
        '`Linear` spec "B 60 -> B 1": axis 1 of argument `input` is 60, expected 50',
    ),
    (
        fault("spec", "layer-spec", subject="Linear", spec="B -> B -> B", detail="a second `->`"),
        '`Linear` spec "B -> B -> B": a second `->`',
    ),
    (
        fault("annotation", "bad-annotation", spec="B T,F", column=3, detail="axes are separated by spaces"),
        'cannot read "B T,F": axes are separated by spaces',
    ),
    (
        fault("unresolved", "unresolved-annotation", subject="f()", argument="x", got="Tensro", detail="no such name"),
        "`f()` argument `x`: annotation `Tensro` cannot be resolved: no such name",
    ),
    (
        fault("unused", "unused-dim", subject="f()", argument="x", axis=1, name="tiem"),
        "`f()` argument `x`: axis 1 (`tiem`) is named only once and constrains nothing",
    ),
    (
        fault("requires", "unstated-size", subject="f()", name="n", want=784),
        "`f()` requires `n` to be 784, which no annotation says",
    ),
    (
        fault("unannotated", "unannotated", subject="f()", got=("x", "y"), want=True),
        "`f()` takes tensors in `x` and `y` and returns one, and no annotation says of which shape",
    ),
    (fault("syntax", "syntax-error", detail="invalid syntax"), "not valid Python: invalid syntax"),
]


@pytest.mark.parametrize(("fault", "said"), SAID, ids=lambda value: value.kind if isinstance(value, Fault) else "")
def test_headline(fault, said):
    assert said == headline(fault)


@pytest.mark.parametrize("fault", [fault for fault, _ in SAID], ids=lambda fault: fault.kind)
def test_style(fault):
    text = headline(fault)

    assert text.count("`") % 2 == 0
    assert "  " not in text
    assert "None" not in text
    assert "crash" not in text
    assert not text.endswith(".")
    assert text == text.splitlines()[0]
    assert "`" not in label(fault)


def test_every_kind_has_a_sentence_that_is_tested():
    assert set(SENTENCES) == {fault.kind for fault, _ in SAID}


def test_every_kind_is_documented_with_the_fault():
    rows = [line.split("|")[1] for line in Fault.__doc__.splitlines() if line.lstrip().startswith("| `")]

    assert set(SENTENCES) == {kind for row in rows for kind in re.findall(r"`([\w-]+)`", row)}


@pytest.mark.parametrize("code", CODES)
def test_a_kind_without_a_sentence_is_still_told(code):
    assert "axis 1 is 2, expected 3" in headline(Fault(code, "new", "f()", "x", 1, got=2, want=3))
    assert headline(Fault(code, "new"))


@pytest.mark.parametrize("kind", SENTENCES)
def test_a_fault_with_nothing_but_its_kind_is_still_told(kind):
    text = headline(Fault("dim-mismatch", kind))

    assert text
    assert isinstance(label(Fault("dim-mismatch", kind)), str)


def test_axes_behind_a_variadic_part_count_from_the_end():
    shape = (Var("batch"), T, 6)
    told = fault("axis", subject="f()", argument="x", axis=2, got=6, want=4, operands=(Operand("x", shape, axis=2),))

    assert "`f()` argument `x`: axis -1 is 6, expected 4" == headline(told)


def test_unknown_sizes_are_question_marks():
    told = fault("rank", "rank-mismatch", got=(Unknown("a mask"), d.unknown("x"), B), want=2)

    assert "number of axes is 3 in (?, ?, B), expected 2" == headline(told)


def test_text_of_the_user_cannot_steer_a_terminal_or_break_the_line():
    told = fault("annotation", "bad-annotation", spec="B\n\x1b[31mT", column=0, detail="no\u2028no")

    assert 'cannot read "B \ufffd[31mT": no\ufffdno' == headline(told)


def test_words_are_made_in_one_place_only():
    root = Path(__file__).resolve().parents[2] / "shapetypes"
    said = re.compile(r"""["'].*, expected \{""")
    found = [
        path.relative_to(root).as_posix()
        for layer in ("core", "ops", "static", "runtime")
        for path in (root / layer).rglob("*.py")
        if path.name != "settings.py" and said.search(path.read_text(encoding="utf-8"))
    ]

    assert [] == found
