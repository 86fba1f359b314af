"""Diagnostics for other programs."""

import io
import json

from shapetypes.core.dim import name
from shapetypes.core.fault import Diagnostic, Fault, Note, Operand, Origin, Place
from shapetypes.diagnose import by_place, concise, mypy_message, to_json
from shapetypes.diagnose.colour import printer

FAULT = Fault(
    "dim-mismatch",
    "axis",
    "Linear",
    "input",
    1,
    "in_features",
    name("time"),
    10,
    operands=(Operand("input", (name("B"), name("time")), None, "B time", 1),),
    origins=(Origin("parameter", "in_features", 10, place=Place("m.py", 12, 1, 12, 9)),),
)
FOUND = Diagnostic(
    FAULT, Place("m.py", 41, 5, 41, 9), notes=(Note(Origin("call", "main()"), Place("m.py", 50, 1, 50, 5)),)
)
SUMMARY = {"files": 1, "functions": 2, "expressions_known": 3, "expressions_unknown": 4}


def test_concise_is_mypys_form():
    assert [
        "m.py:41: error: `Linear` argument `input`: axis 1 (`in_features`) is `time`, expected 10 [dim-mismatch]",
        "m.py:41: note: `in_features` is 10, given at line 12",
        "m.py:41: note: called from `main()` at line 50",
        'm.py:41: note: shapes: `input` (B, time) "B time"',
    ] == concise(FOUND).splitlines()


def test_mypy_gets_the_slug_at_the_end_of_the_line():
    message, notes = mypy_message(FOUND)

    assert message.endswith(" is `time`, expected 10 [dim-mismatch]")
    assert 3 == len(notes)


def test_json():
    found = to_json([FOUND], SUMMARY)

    assert {
        "version": 1,
        "diagnostics": [
            {
                "file": "m.py",
                "line": 41,
                "column": 5,
                "end_line": 41,
                "end_column": 9,
                "code": "dim-mismatch",
                "severity": "error",
                "message": "`Linear` argument `input`: axis 1 (`in_features`) is `time`, expected 10",
                "notes": [
                    {"message": "`in_features` is 10, given at line 12", "file": "m.py", "line": 12, "column": 1},
                    {"message": "called from `main()` at line 50", "file": "m.py", "line": 50, "column": 1},
                    {"message": 'shapes: `input` (B, time) "B time"'},
                ],
            }
        ],
        "summary": SUMMARY,
    } == json.loads(json.dumps(found))
    assert {"version": 1, "diagnostics": [], "summary": SUMMARY} == to_json([], SUMMARY)


def test_sorted_by_place_and_each_once():
    def at(line, column, file="m.py"):
        return Diagnostic(FAULT, Place(file, line, column, line, column + 1))

    ordered = [at(3, 1, "a.py"), at(2, 9), at(10, 1), at(10, 2)]

    assert ordered == by_place([ordered[2], ordered[3], ordered[1], ordered[0], ordered[2]])


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_colour_only_on_a_terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal, pipe = Terminal(), io.StringIO()
    text = "error[dim-mismatch]: `f()` is 1, expected 2\n --> m.py:1:2\n  |\n1 | f([red]x[/red])\n  |   ^^^ axis 0"
    for stream in (terminal, pipe):
        printer(stream)(text)

    assert text + "\n" == pipe.getvalue()
    assert "\x1b[1;31merror[dim-mismatch]\x1b[0m" in terminal.getvalue()
    assert "[red]x[/red]" in terminal.getvalue()
