"""Sequential models: what a text on shape mismatches claims of them, judged by Keras itself and by the engine.

The text says that six blocks raise or are repaired. In truth all of them run: `Dense` maps the last axis of anything, a
layer without `input_shape` is built at its first call, and the number of steps of an LSTM is free. A report is right
only where a declared shape, a loss or a layer's own weights are contradicted.
"""

import contextlib
import io
import os
import warnings

import pytest

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

from shapetypes.core.fault import ShapeError
from shapetypes.diagnose import render
from shapetypes.static.api import Checker

HEAD = """
import numpy as np
import tensorflow as tf
from jaxtyping import Float
from tensorflow.keras import layers
"""

MODEL = """
model = tf.keras.Sequential([
    layers.Conv2D(32, (3, 3), activation='relu'{given}),
    layers.MaxPooling2D((2, 2)),
{middle}    layers.Dense(10, activation='softmax')
])
"""
DEEPER = """    layers.Conv2D(64, (3, 3), activation='relu'),
    layers.MaxPooling2D((2, 2)),
"""
FLAT = "    layers.Flatten(),\n"
IMAGE = ", input_shape=(28, 28, 1)"
CALL = """
input_tensor = tf.random.normal(shape=(1, 28, 28, 1))
output = model(input_tensor)
print(f"Output shape: {output.shape}")
"""
TRIED = """
try:
    input_tensor = tf.random.normal(shape=(1, 28, 28, 1))
    output = model(input_tensor)
except ValueError as e:
    print(f"ValueError encountered: {e}")
print(output.shape)
"""
LSTM = """
model = tf.keras.Sequential([
    layers.LSTM(128{given}),
    layers.Dense(10, activation='softmax')
])
input_tensor = tf.random.normal(shape=(1, {steps}, {features}))
output = model(input_tensor)
print(f"Output shape: {{output.shape}}")
"""
DECLARED = """
output: Float[tf.Tensor, "B 10"] = model(tf.random.normal(shape=(1, 28, 28, 1)))
assert output.ndim == 2
"""
FIT = """
model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
model.fit(np.zeros((4, 28, 28, 1)), np.zeros((4,)), verbose=0)
"""


def model(given="", middle=""):
    return MODEL.format(given=given, middle=middle)


def lstm(given="", steps=10, features=50):
    return LSTM.format(given=given, steps=steps, features=features)


BLOCKS = [
    model(IMAGE, DEEPER) + TRIED,
    model(IMAGE, DEEPER + FLAT) + CALL,
    model("", FLAT) + TRIED,
    model(IMAGE, FLAT) + CALL,
    lstm(),
    lstm(", input_shape=(10, 50)"),
]
CORRECT = [
    *BLOCKS,
    model(IMAGE, DEEPER + FLAT) + DECLARED,
    model("", FLAT) + DECLARED,
    model(IMAGE, FLAT) + FIT,
    lstm(", input_shape=(10, 50)", steps=12),
    lstm(steps=12) + "model(tf.random.normal(shape=(3, 20, 50)))\n",
]
WRONG = [
    (model(IMAGE, DEEPER) + DECLARED, "output: Float"),
    (model("") + DECLARED, "output: Float"),
    (model(IMAGE, DEEPER) + FIT, "model.fit("),
    (lstm(", input_shape=(10, 50)", features=49), "output = model("),
    (lstm() + "model(tf.random.normal(shape=(1, 10, 49)))\n", "model(tf.random.normal(shape=(1, 10, 49)))"),
    (model(IMAGE, FLAT) + "model(tf.random.normal(shape=(1, 32, 32, 1)))\n", "model(tf.random.normal(shape=(1, 32"),
]


def runs(text):
    """Whether a program ends without an exception; Keras only warns of `input_shape`."""
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            exec(compile(text, "program", "exec"), {})
    except Exception:  # Keras and its backends refuse with errors of every kind
        return False
    return True


def reports(tmp_path, text):
    path = tmp_path / "program.py"
    path.write_text(text)
    return Checker([]).check(str(path)).diagnostics


@pytest.mark.parametrize("text", CORRECT)
def test_what_runs_is_not_reported(tmp_path, text):
    assert runs(HEAD + text)
    assert [] == [str(ShapeError(fault=d.fault)) for d in reports(tmp_path, HEAD + text)]


@pytest.mark.parametrize(("text", "line"), WRONG, ids=[str(i) for i in range(len(WRONG))])
def test_what_cannot_be_is_reported_on_its_line(tmp_path, text, line):
    text = HEAD + text
    number = next(i for i, found in enumerate(text.splitlines(), 1) if found.startswith(line))

    assert not runs(text)
    assert {number} == {d.place.line for d in reports(tmp_path, text)}


def test_a_missing_flatten_is_named(tmp_path):
    (found,) = reports(tmp_path, HEAD + model(IMAGE, DEEPER) + DECLARED)
    text = str(ShapeError(fault=found.fault))
    notes = render(found)

    assert text == '`output`: number of axes is 4 in (1, 5, 5, 10), expected 2 ("B 10")'
    assert "`Dense` maps the last axis alone and keeps the others; after `Flatten()` it gives (1, 10)" in notes
