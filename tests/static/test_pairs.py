"""Pairs of small programs: the mistake is found on its line, the program without it gives no report.

`# BUG` marks the line of a mistake, `# ALT` another line where a report is equally right.
"""

import re
import sys
from pathlib import Path

import pytest

from shapetypes.core.fault import ShapeError
from shapetypes.static.api import Checker
from tests.static.running import outcome

FOLDER = Path(__file__).parent / "pairs"
NAMES = sorted(path.stem.removesuffix("_buggy") for path in FOLDER.glob("*_buggy.py"))


def reports(path):
    found = Checker([]).check(str(path)).diagnostics
    return {d.place.line: str(ShapeError(fault=d.fault)) for d in found}


@pytest.mark.parametrize("name", NAMES)
def test_found_on_its_line(name):
    path = FOLDER / f"{name}_buggy.py"
    marked = {i for i, line in enumerate(path.read_text().splitlines(), 1) if re.search(r"# (BUG|ALT)$", line)}
    found = reports(path)

    assert marked & found.keys(), found
    assert found.keys() <= marked, found


@pytest.mark.parametrize("name", NAMES)
def test_silent_without_the_mistake(name):
    assert {} == reports(FOLDER / f"{name}_fixed.py")


@pytest.mark.parametrize("name", NAMES)
def test_the_programs_are_what_they_say(name, monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    fixed, buggy = (outcome(FOLDER / f"{name}_{kind}.py") for kind in ("fixed", "buggy"))
    for module in [m for m in sys.modules if m.endswith("_lib") and m.startswith("crossmod")]:
        del sys.modules[module]

    assert isinstance(fixed, str), fixed
    assert fixed
    assert buggy != fixed


def test_there_are_pairs_enough():
    assert len(NAMES) >= 120
    assert {path.stem.removesuffix("_fixed") for path in FOLDER.glob("*_fixed.py")} == set(NAMES)
