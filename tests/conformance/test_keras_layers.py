"""Every layer class of Keras, built and run for real: never wrong, and nearly always exact."""

from __future__ import annotations

from collections.abc import Callable

from tests.conformance.keras_configs import ABSTRACT, FOREIGN, LAYERS
from tests.conformance.keras_layers import STUBS, classes, tally

EXACT_FLOOR = 0.95
REFUSED_FLOOR = 0.9


def test_all_classes() -> None:
    """Each class has a configuration or a reason for none, and a stub."""
    assert classes() == set(LAYERS) | ABSTRACT | FOREIGN
    table = STUBS.module("keras.layers")
    assert table is not None
    assert classes() - {"Layer"} <= table.classes.keys()


def test_layers(tell: Callable[[object], None]) -> None:
    found = tally()
    tell(found.line())
    assert found.failed == []
    assert found.wrong == []
    assert found.untrue == []
    assert found.exact_ratio >= EXACT_FLOOR
    assert found.refused_ratio >= REFUSED_FLOOR
