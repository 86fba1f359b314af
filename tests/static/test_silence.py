"""Correct programs in many styles: they run, and nothing is reported."""

from pathlib import Path

import pytest

from shapetypes.core.fault import ShapeError
from shapetypes.static.api import Checker
from tests.static.running import outcome

FILES = sorted((Path(__file__).parent / "silent").glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_is_reported(path):
    report = Checker([]).check(str(path))

    assert [] == [(d.place.line, str(ShapeError(fault=d.fault))) for d in report.diagnostics]
    assert 0 == report.crashes


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_program_is_correct(path):
    result = outcome(path)

    assert isinstance(result, str), result
    assert result


def test_there_are_programs_enough():
    assert len(FILES) >= 100
