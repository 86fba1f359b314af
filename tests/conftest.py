"""Settings that hold for every test, and the figures that tests measure."""

import os
from collections.abc import Callable
from functools import partial

import pytest

from tests.mutation import tables

# A crash inside the engine is a failed test, not lost coverage.
os.environ["SHAPETYPES_RAISE"] = "1"


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[object], None]:
    """Has a figure printed at the end of the run: a worker cannot write to the terminal."""
    return partial(record_property, "figures")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was told, and one table of all mutants."""
    found = [report.user_properties for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    for name, value in (pair for pairs in found for pair in pairs):
        if name == "figures":
            terminalreporter.write_line(str(value))
    counts = [value for pairs in found for name, value in pairs if name == "mutants"]
    if counts:
        terminalreporter.write_line(tables.text(tables.added(counts)))
