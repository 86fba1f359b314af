"""Comments that silence."""

import tokenize

import pytest

from shapetypes.core.fault import Diagnostic, Fault, Place
from shapetypes.static.ignores import comment_codes, read_ignores


@pytest.mark.parametrize(
    ("comment", "codes"),
    [
        ("# type: ignore", {"*"}),
        ("#type:ignore", {"*"}),
        ("# type: ignore[shape]", {"*"}),
        ("# type: ignore[arg-type, shape]", {"*"}),
        ("# type: ignore[arg-type]", set()),
        ("# type: ignore[dim-mismatch]", set()),
        ("# type: ignore # why", {"*"}),
        ("# type: ignore[shape]  # why", {"*"}),
        ("# noqa: E501  # type: ignore[shape]", {"*"}),
        ("# shapetypes: ignore", {"*"}),
        ("# shapetypes: ignore[dim-mismatch]", {"dim-mismatch"}),
        ("# shapetypes: ignore[dim-mismatch, axis-order]", {"dim-mismatch", "axis-order"}),
        ("# shapetypes:ignore[ axis-order ]", {"axis-order"}),
        ("# shapetypes: ignore the batch here", {"*"}),
        ("# shapetypes: ignored", set()),
        ("# shapetypes: ignore[dim-mismatch", set()),
        ("# we type: ignore it", set()),
        ("# mytype: ignore", set()),
        ("# type: int", set()),
        ("# pyright: ignore", set()),
    ],
)
def test_comments(comment, codes):
    assert codes == comment_codes(comment)


def covers(text, line, code="dim-mismatch", end_line=None):
    return read_ignores(text).covers(code, line, end_line)


def test_on_the_line_of_the_diagnostic():
    text = "x = 1\ny = x @ w  # type: ignore[shape]\nz = y\n"

    assert covers(text, 2)
    assert not covers(text, 1)
    assert not covers(text, 3)


def test_only_the_code_that_is_named():
    text = "x = 1\ny = x @ w  # shapetypes: ignore[axis-order]\n"

    assert covers(text, 2, "axis-order")
    assert not covers(text, 2, "dim-mismatch")


def test_any_line_of_an_expression_over_several_lines():
    text = "x = 1\ny = f(\n    x,\n    w,\n)  # type: ignore\nz = 1\n"

    assert covers(text, 2, end_line=5)
    assert not covers(text, 2, end_line=4)
    assert not covers(text, 6)


@pytest.mark.parametrize("comment", ["# type: ignore", "# shapetypes: ignore"])
def test_before_the_first_statement_for_the_whole_file(comment):
    assert covers(f"#!/usr/bin/env python\n\n{comment}\n\nx = 1\ny = 2\n", 6)
    assert not covers(f'"""Doc."""\n{comment}\nx = 1\ny = 2\n', 4)
    assert not covers(f"x = 1  {comment}\ny = 2\n", 2)
    assert covers(f"x = 1  {comment}\ny = 2\n", 1)


def test_a_string_is_no_comment():
    assert not covers('x = "# type: ignore"\n', 1)
    assert not covers('x = """\n# type: ignore\n"""\n', 2)


def test_a_syntax_error_is_never_silenced():
    assert not covers("# type: ignore\nx = \n", 2, "syntax-error")


def test_text_that_has_no_tokens_is_survived():
    assert covers("x = 1\ny = 2  # type: ignore\nz = (\n", 2)
    assert not covers("x = 1\n    y = 2  # type: ignore\n  z = 3\n", 3)


def test_tokens_are_read_only_if_there_is_such_a_comment(monkeypatch):
    def never(*_):
        raise AssertionError

    monkeypatch.setattr(tokenize, "generate_tokens", never)

    assert not covers("# ignore this; type: x\nx = 1\n", 1)


def test_keep():
    def at(line):
        return Diagnostic(Fault("dim-mismatch", "axis"), Place("m.py", line, 1, line, 2))

    assert [at(1)] == read_ignores("x = 1\ny = 2  # type: ignore\n").keep([at(1), at(2)])
