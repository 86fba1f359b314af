"""torch's module database through `infer`: every module, never wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance.compare import EXACT, WRONG
from tests.conformance.modules import Tally, tally


@pytest.fixture(scope="module")
def found() -> Tally:
    return tally()


def test_every_module_is_exact(found: Tally, tell: Callable[[object], None]) -> None:
    tell(found.line())
    assert [case for case in found.cases if case[0] == WRONG] == []
    assert [built for built in found.lost if built.result is None] == [], "torch refused its own samples"
    assert {name for name, count in found.verdicts.items() if set(count) != {EXACT}} == set()
    assert len(found.verdicts) >= 114


def test_error_inputs_are_refused(found: Tally) -> None:
    assert found.refused >= 0.85 * (found.refused + len(found.accepted)), found.accepted
