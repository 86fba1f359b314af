"""Datasets of Keras have the shapes that its own documentation states; nothing is downloaded."""

import inspect
import os
import re

import pytest

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras

from shapetypes.ops.infer import infer
from shapetypes.ops.stubs import default_stubs

NAMES = sorted(default_stubs().module("keras.datasets").names)


@pytest.mark.parametrize("name", NAMES)
def test_shapes_as_documented(name):
    text = inspect.getdoc(getattr(keras.datasets, name).load_data)
    stated = re.findall(r"[xy]_(?:train|test)\.shape == \(([\d, ]+)\)", text)
    (x, y), (x_test, y_test) = infer(f"keras.datasets.{name}.load_data")

    assert 4 == len(stated)
    assert [tuple(int(n) for n in s.split(",") if n.strip()) for s in stated] == [
        t.shape for t in (x, x_test, y, y_test)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_signatures_are_kerass_own(name):
    found = default_stubs().find(f"keras.datasets.{name}.load_data")
    real = inspect.signature(getattr(keras.datasets, name).load_data).parameters.values()

    assert [(p.name, p.default) for p in found.signatures[0].params] == [(p.name, p.default) for p in real]
