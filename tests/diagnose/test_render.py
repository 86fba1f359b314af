"""The full message."""

import linecache
import pickle

import pytest
from inline_snapshot import snapshot

from shapetypes.core.dim import name
from shapetypes.core.fault import Diagnostic, Fault, Note, Operand, Origin, Place, ShapeError
from shapetypes.core.shape import Var
from shapetypes.diagnose import fact, label, render

SOURCE = """\
def main() -> None:
    queries, memory = torch.zeros(2, 3, 4), torch.zeros(2, 5, 6)
    print(attn(queries, k=memory))
\tprint("\N{CJK UNIFIED IDEOGRAPH-6F22}", attn(queries, k=memory))


class Net(nn.Module):
    def __init__(self) -> None:
        self.fc = nn.Linear(10, 5)

    def forward(self, x):
        return self.fc(
            x,
        )
"""

CONTRACT = Fault(
    "dim-mismatch",
    "axis",
    "attn()",
    "k",
    2,
    "D",
    6,
    4,
    operands=(Operand("q", (2, 3, 4), None, "B T D"), Operand("k", (2, 5, 6), None, "B S D", 2)),
)
LAYER = Fault(
    "dim-mismatch",
    "axis",
    "Linear",
    "input",
    1,
    "in_features",
    7,
    10,
    operands=(Operand("input", (name("batch"), 7), axis=1),),
)


def read(file):
    return SOURCE.split("\n") if file.endswith("model.py") else None


def at(line, column, end_column, end_line=None, file="model.py"):
    return Place(file, line, column, end_line or line, end_column)


def test_a_broken_contract():
    text = render(CONTRACT, at(3, 27, 33), [(at(3, 16, 23), "binds D = 4 (axis 2)")], read=read)

    assert text == snapshot("""\
error[dim-mismatch]: `attn()` argument `k`: axis 2 (`D`) is 6, expected 4
 --> model.py:3:27
  |
3 |     print(attn(queries, k=memory))
  |                           ^^^^^^ axis 2 is 6, but D is 4
  |                ------- binds D = 4 (axis 2)
  = shapes  q  (2, 3, 4)   "B T D"
            k  (2, 5, 6)   "B S D"
                      ^
  = see: shapetypes explain dim-mismatch\
""")


def test_a_layer_with_the_place_that_fixed_its_size():
    fault = LAYER.but(origins=(Origin("parameter", "in_features", 10, place=at(9, 19, 35)),))
    notes = (Note(Origin("call", "main"), at(3, 5, 10)),)

    assert render(Diagnostic(fault, at(12, 16, 10, 14), notes=notes), read=read) == snapshot("""\
error[dim-mismatch]: `Linear` argument `input`: axis 1 (`in_features`) is 7, expected 10
  --> model.py:12:16
   |
 9 |         self.fc = nn.Linear(10, 5)
   |                   ---------------- in_features = 10
   :
12 |         return self.fc(
   |                ^^^^^^^^ axis 1 is 7, but in_features is 10
   = shapes  input  (batch, 7)
                            ^
   = note: called from `main` at line 3
   = see: shapetypes explain dim-mismatch\
""")


def test_tabs_and_wide_characters():
    assert render(CONTRACT.but(operands=()), at(4, 29, 35), read=read) == snapshot("""\
error[dim-mismatch]: `attn()` argument `k`: axis 2 (`D`) is 6, expected 4
 --> model.py:4:29
  |
4 |     print("漢", attn(queries, k=memory))
  |                                 ^^^^^^ axis 2 is 6, but D is 4
  = see: shapetypes explain dim-mismatch\
""")


def test_a_string_with_a_caret():
    fault = Fault("bad-annotation", "annotation", spec="B T,F", column=3, detail="axes are separated by spaces")

    assert render(fault) == snapshot("""\
error[bad-annotation]: cannot read "B T,F": axes are separated by spaces
  = string  "B T,F"
                ^
  = see: shapetypes explain bad-annotation\
""")


def test_a_lint_is_a_warning_and_dtypes_stand_in_the_table():
    fault = Fault("squeeze-all", "squeeze", axis=0, name="B", want="B")
    dtypes = Fault(
        "dtype-mismatch",
        "dtype",
        "mm()",
        "mat2",
        got="float64",
        want="float32",
        other="input",
        operands=(Operand("input", (2, 3), "float32"), Operand("mat2", (3, 4), "float64")),
    )

    assert render(fault).startswith("warning[squeeze-all]: `squeeze()` removes")
    assert render(dtypes) == snapshot("""\
error[dtype-mismatch]: `mm()` argument `mat2`: dtype is `float64`, expected `float32`, the dtype of `input`
  = shapes  input  (2, 3)  float32
            mat2   (3, 4)  float64
  = see: shapetypes explain dtype-mismatch\
""")


def test_the_place_of_an_origin_in_another_file_is_told():
    origin = Origin("identified", "Linear(50, 10)", 50, place=at(7, 1, 5, file="other.py"), dim="time")
    text = render(Diagnostic(CONTRACT.but(origins=(origin,)), at(3, 27, 33)), read=read)

    assert "= note: `time` is 50 since `Linear(50, 10)` at other.py:7" in text


def test_a_missing_file_has_no_snippet():
    text = render(CONTRACT, at(3, 27, 33, file="/no/such/file.py"))

    assert "\n --> /no/such/file.py:3:27\n" in text
    assert "|" not in text


@pytest.mark.parametrize("place", [at(99, 1, 2), at(3, 90, 99), at(0, 0, 0), at(3, 27, 3)])
def test_a_place_that_is_not_in_the_file_is_survived(place):
    assert render(CONTRACT, place, [(place, "x")], read=read).startswith("error[dim-mismatch]: ")


def test_at_most_twelve_lines_whatever_takes_part():
    places = [at(line, 5, 9) for line in (1, 2, 3, 8, 9, 11)]
    operands = tuple(Operand(f"x{i}", (2, 3, 4), None, "B T D", 2) for i in range(9))
    origins = tuple(Origin("identified", f"Linear({i})", i, dim=f"d{i}", place=p) for i, p in enumerate(places))
    notes = tuple(Note(Origin("call", f"f{i}()"), at(3, 5, 9)) for i in range(5))
    fault = CONTRACT.but(operands=operands, origins=origins, argument="x0")
    text = render(Diagnostic(fault, at(12, 16, 23), notes=notes), read=read)

    assert 12 >= len(text.splitlines())
    assert "^^^^^^^ axis 2 is 6" in text
    assert text.endswith("= see: shapetypes explain dim-mismatch")


def test_a_long_line_is_cut_around_the_span():
    line = "x = [" + "1, " * 200 + "attn(q, k)" + ", 2" * 200 + "]"
    column = line.index("attn") + 1
    text = render(CONTRACT.but(operands=()), at(1, column, column + 10), read=lambda _: [line])
    shown, marks = text.splitlines()[3:5]

    assert all(len(row) < 150 for row in (shown, marks))
    start = marks.index("^")
    assert "attn(q, k)" == shown[start : start + 10]


def test_the_marker_counts_variadic_parts_and_names():
    operands = (Operand("x", (Var("batch"), name("height"), 6), axis=2),)
    text = render(CONTRACT.but(argument="x", operands=operands))

    assert "  = shapes  x  (*batch, height, 6)\n" in text
    row, marks = text.splitlines()[1:3]
    assert "6" == row[marks.index("^")]


def test_source_of_notebook_cells_is_found(tmp_path):
    linecache.cache["<cell 1>"] = (len(SOURCE), None, SOURCE.splitlines(keepends=True), "<cell 1>")
    try:
        assert "print(attn(queries, k=memory))" in render(CONTRACT, at(3, 27, 33, file="<cell 1>"))
    finally:
        del linecache.cache["<cell 1>"]


def test_source_in_another_encoding_is_read(tmp_path):
    file = tmp_path / "latin.py"
    file.write_bytes("# coding: latin-1\nx = 'é'; attn(q, k=m)\n".encode("latin-1"))

    lines = render(CONTRACT, at(2, 20, 21, file=str(file))).splitlines()

    assert "2 | x = 'é'; attn(q, k=m)" == lines[3]
    assert "m" == lines[3][lines[4].index("^")]


def test_an_error_without_text_says_its_headline_and_survives_pickling():
    error = pickle.loads(pickle.dumps(ShapeError(fault=CONTRACT)))

    assert "`attn()` argument `k`: axis 2 (`D`) is 6, expected 4" == str(error)
    assert CONTRACT == error.fault


FACTS = [
    (Origin("argument", "q", 4, 2, None, "D"), "`D` is 4 from axis 2 of argument `q`", "binds D = 4 (axis 2)"),
    (Origin("argument", "q", name("D"), 2, None, "D"), "`D` is axis 2 of argument `q`", "binds D (axis 2)"),
    (Origin("argument", "d_model", 4, None, None, "d"), "`d` is 4 from argument `d_model`", "binds d = 4"),
    (
        Origin("identified", "Linear(50, ...)", 50, place=at(12, 1, 2), dim="time"),
        "`time` is 50 since `Linear(50, ...)` at line 12",
        "binds time = 50",
    ),
    (Origin("layer", "encoder.lstm", 128, dim="H"), "`H` is 128 since `encoder.lstm`", "binds H = 128"),
    (
        Origin("parameter", "in_features", 10, place=at(9, 1, 2)),
        "`in_features` is 10, given at line 9",
        "in_features = 10",
    ),
    (Origin("annotation", "x", 4, dim="D"), "`D` is 4 in the annotation of `x`", "binds D = 4"),
    (Origin("scope", "scope(B=32)", 32, dim="B"), "`B` is 32 in `scope(B=32)`", "binds B = 32"),
    (Origin("call", "main()", place=at(3, 1, 2)), "called from `main()` at line 3", "called from here"),
    (Origin("inside", "Linear", place=at(3, 1, 2)), "the operation is `Linear` at line 3", "the operation"),
    (Origin("annotation", "B T D", place=at(3, 1, 2)), 'declared "B T D" at line 3', 'declared "B T D"'),
    (Origin("annotation", dim="D"), "", ""),
    (Origin("condition", size=4, dim="D", place=at(3, 1, 2)), "`D` is 4 by a condition at line 3", "binds D = 4"),
    (Origin("parameter", "d_model", name("d_model"), dim="d_model"), "", "d_model = d_model"),
    (Origin("field"), "", ""),
    (Origin("twin", size=50, axis=1), "", "size 50"),
]


@pytest.mark.parametrize(("origin", "told", "_"), FACTS)
def test_facts(origin, told, _):
    assert told == fact(origin)


@pytest.mark.parametrize(("origin", "_", "short"), FACTS)
def test_labels(origin, _, short):
    assert short == label(origin)
