"""Losses of Keras, called for real: never wrong, and nearly always exact."""

from __future__ import annotations

import pytest

from tests.conformance import keras_losses
from tests.conformance.keras_layers import STUBS

EXACT_FLOOR = 0.95
REFUSED_FLOOR = 0.9


def test_losses(capsys: pytest.CaptureFixture[str]) -> None:
    found = keras_losses.tally()
    with capsys.disabled():
        print(f"\n{found.line()}")
    assert all(STUBS.find(f"keras.losses.{name}") is not None for name in keras_losses.losses())
    assert found.wrong == []
    assert found.exact_ratio >= EXACT_FLOOR
    assert found.refused_ratio >= REFUSED_FLOOR
