"""Functions and losses of Keras, and functions of TensorFlow, called for real: never wrong, and nearly always exact."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pytest

from shapetypes.ops.reader import NO_DEFAULT, SOME_DEFAULT
from tests.conformance import keras_functions, keras_losses
from tests.conformance.keras_layers import STUBS, Tally

EXACT_FLOOR = 0.95
REFUSED_FLOOR = 0.9
LIBRARIES = ["keras.ops", "tensorflow"]


def _judge(found: Tally, tell: Callable[[object], None]) -> None:
    tell(found.line())
    assert found.failed == []
    assert found.wrong == []
    assert found.untrue == []
    assert found.exact_ratio >= EXACT_FLOOR
    assert found.refused_ratio >= REFUSED_FLOOR


def test_losses(tell: Callable[[object], None]) -> None:
    assert all(STUBS.find(f"keras.losses.{name}") is not None for name in keras_losses.losses())
    _judge(keras_losses.tally(), tell)


@pytest.mark.parametrize("library", LIBRARIES)
def test_functions(library: str, tell: Callable[[object], None]) -> None:
    _judge(keras_functions.tally(library), tell)


@pytest.mark.parametrize("library", LIBRARIES)
def test_signatures(library: str) -> None:
    """Parameters are the library's own: names, kinds, defaults."""
    for path, _ in keras_functions.functions(library):
        found = STUBS.find(path)
        ours = found.signatures[0].params
        theirs = inspect.signature(keras_functions.real_function(path)).parameters.values()
        assert [p.name for p in ours] == [p.name for p in theirs], path
        for own, real in zip(ours, theirs, strict=True):
            if own.default == NO_DEFAULT:
                assert real.default is inspect.Parameter.empty, (path, own.name)
            elif own.default != SOME_DEFAULT:
                assert own.default == real.default, (path, own.name)
