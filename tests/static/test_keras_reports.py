"""What the engine says of Keras programs that no pair shows: words, notes, lints, and what it must not conclude."""

import pytest

from shapetypes.core.fault import ShapeError
from shapetypes.diagnose import notes
from shapetypes.static.api import Checker

HEAD = """
import keras
import numpy as np
import tensorflow as tf
from jaxtyping import Float
from keras import layers

"""

REPORTED = [
    (
        "def f(a: Float[tf.Tensor, 'n 1'], b: Float[tf.Tensor, 'n 5']):\n    keras.losses.MeanSquaredError()(a, b)\n",
        "`MeanSquaredError`: axis 1 of `y_true` (n, 1) is 1 and is spread over 5 of `y_pred` (n, 5): an outer product",
    ),
    (
        (
            "d = {'a': keras.Input((3,)), 'b': keras.Input((4,))}\n"
            "model = keras.Model(d, layers.Concatenate()([d['a'], d['b']]))\n"
            "model({'a': np.zeros((2, 4)), 'b': np.zeros((2, 4))})\n"
        ),
        "`Model` argument `a`: axis 1 is 4, expected 3",
    ),
    (
        (
            "x = keras.Input((3,))\ny = keras.Input((4,))\nmodel = keras.Model([x, y], layers.Concatenate()([x, y]))\n"
            "model([np.zeros((2, 3))])\n"
        ),
        "`Model`: number of inputs is 1, expected 2",
    ),
    (
        (
            "(_, _), (x, y) = keras.datasets.mnist.load_data()\n"
            "model = keras.Sequential([keras.Input((784,)), layers.Dense(10)])\nmodel.evaluate(x, y)\n"
        ),
        "`Sequential` argument `inputs`: number of axes is 3 in (10000, 28, 28), expected 2",
    ),
    (
        "layers.TimeDistributed(layers.Dense(3))(np.zeros((4, 5)))\n",
        "`TimeDistributed` argument `inputs`: number of axes is 2 in (4, 5), expected at least 3",
    ),
    (
        "model = keras.Sequential([layers.Dense(4)])\nmodel.build((None, 16))\nmodel(np.zeros((2, 15)))\n",
        "`Dense` argument `inputs`: axis 1 is 15, expected 16",
    ),
]
SILENT = [
    # Layers are added to the model after its definition, elsewhere.
    (
        "model = keras.Sequential()\nmodel.add(layers.Dense(4))\n"
        "def f(x: Float[tf.Tensor, 'b 8']) -> Float[tf.Tensor, 'b 4']:\n    return model(x)\n"
    ),
    # On one path only the layer is built, so the other call may be its first.
    (
        "def f(a: Float[tf.Tensor, 'b 8'], c: Float[tf.Tensor, 'b 9'], first: bool):\n"
        "    layer = layers.Dense(4)\n    if first:\n        layer(a)\n    else:\n        layer(c)\n    return layer\n"
    ),
    (
        "def f(a: Float[tf.Tensor, 'b 8'], c: Float[tf.Tensor, 'b 9'], n: int):\n"
        "    one = layers.Dense(4)\n    for _ in range(n):\n        one(a)\n        return None\n    return one(c)\n"
    ),
    # A size that is left open is that of the call, and another one at the next.
    (
        "x = keras.Input((None, 4))\nmodel = keras.Model(x, layers.LSTM(3, return_sequences=True)(x))\n"
        "a: Float[np.ndarray, 'b 7 3'] = model.predict(np.zeros((2, 7, 4)))\n"
        "c: Float[np.ndarray, 'n 9 3'] = model.predict(np.zeros((2, 9, 4)))\n"
    ),
    # Arrays and tensors go backwards.
    "x: Float[np.ndarray, 'n 4'] = np.zeros((3, 4))[::-1]\ny: Float[tf.Tensor, 'n 4'] = tf.zeros((3, 4))[:, ::-1]\n",
    # In TensorFlow `+=` gives the name another tensor, which may be larger.
    (
        "def f(x: Float[tf.Tensor, 'b 1'], y: Float[tf.Tensor, 'b 5']) -> Float[tf.Tensor, 'b 5']:\n"
        "    z = keras.ops.sum(y, axis=1, keepdims=True)\n    z += y\n    return z\n"
    ),
]


def reports(tmp_path, text):
    path = tmp_path / "program.py"
    path.write_text(HEAD + text)
    report = Checker([]).check(str(path))
    assert 0 == report.crashes
    return report.diagnostics


@pytest.mark.parametrize(("text", "said"), REPORTED, ids=[str(i) for i in range(len(REPORTED))])
def test_reported_in_these_words(tmp_path, text, said):
    assert [said] == [str(ShapeError(fault=d.fault)) for d in reports(tmp_path, text)]


@pytest.mark.parametrize("text", SILENT)
def test_nothing_is_concluded(tmp_path, text):
    assert [] == [str(ShapeError(fault=d.fault)) for d in reports(tmp_path, text)]


def test_where_a_layer_was_built_is_told(tmp_path):
    (found,) = reports(tmp_path, "dense = layers.Dense(3)\ndense(np.zeros((2, 4)))\ndense(np.zeros((2, 5)))\n")

    assert "the size is 4 since `Dense` at line 9" in [text for text, _ in notes(found)]


def test_where_an_input_was_declared_is_told(tmp_path):
    text = "x = keras.Input((4,))\nmodel = keras.Model(x, layers.Dense(3)(x))\nmodel(np.zeros((2, 5)))\n"
    (found,) = reports(tmp_path, text)

    assert "the size is 4 since `Input` at line 8" in [text for text, _ in notes(found)]
