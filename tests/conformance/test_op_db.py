"""torch's operator database through `infer`: never wrong, and nearly always exact."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance.calls import operators
from tests.conformance.compare import UNKNOWN, VALUE_DEPENDENT, WRONG, Tally, tally

EXACT_FLOOR = 0.99
REFUSED_FLOOR = 0.95


@pytest.fixture(scope="module")
def found() -> Tally:
    return tally()


def test_database(found: Tally, tell: Callable[[object], None]) -> None:
    tell(found.line())
    assert found.total > 7000, "the database has shrunk, or samples are lost"
    wrong = [(made.name, made.args, made.kwargs, ours, made.result) for k, made, ours in found.cases if k == WRONG]
    assert wrong == []
    assert found.exact_ratio >= EXACT_FLOOR, found.table()
    assert found.refused_ratio >= REFUSED_FLOOR


def test_value_dependent(found: Tally) -> None:
    """The list names operators that exist and are not always exact, and it is short."""
    assert {op.name for op in operators()} >= VALUE_DEPENDENT
    for op in VALUE_DEPENDENT & found.verdicts.keys():
        assert found.verdicts[op][UNKNOWN] > 0, f"{op} does not depend on values"
    assert found.total - found.determined <= 0.03 * found.total
