"""What is still reported in packages of others: each cause again in a few lines that are run and raise.

A program names its package, file and lines. `# REPORT name` marks a reported line; the words are in `REPORTS`, and
`show_name` runs the function with sizes that its annotations allow.
"""

import re
from pathlib import Path

import pytest

from shapetypes.core.fault import ShapeError
from shapetypes.static.api import Checker
from tests.static.running import loaded

FILES = sorted((Path(__file__).parent / "remaining").glob("*.py"))
MARK = re.compile(r"# REPORT (\w+)$")


def marked(path):
    found = {i: MARK.search(line) for i, line in enumerate(path.read_text().splitlines(), 1)}
    return {i: match[1] for i, match in found.items() if match}


CASES = [(path, name) for path in FILES for name in marked(path).values()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_reported_in_these_words(path):
    with loaded(path) as module:
        words = {line: module.REPORTS[name] for line, name in marked(path).items()}
    found = Checker([]).check(str(path)).diagnostics

    assert words == {d.place.line: str(ShapeError(fault=d.fault)) for d in found}


@pytest.mark.parametrize(("path", "name"), CASES, ids=lambda value: getattr(value, "stem", value))
def test_the_reported_function_raises(path, name):
    with loaded(path) as module, pytest.raises(Exception, match=r"(?s).+") as caught:
        getattr(module, f"show_{name}")()

    assert (
        not isinstance(caught.value, (NameError, AttributeError, TypeError))
        or "type-check" in str(caught.value).lower()
    )
