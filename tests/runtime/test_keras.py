"""TensorFlow and Keras: eager, in `tf.function`, on symbolic tensors, in `fit`."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import warnings
from typing import Any

import numpy as np
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras
    import tensorflow as tf

from shapetypes import Dim, Float, Int, ShapeError, shapecheck

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


@shapecheck
def multiply(x: Float[tf.Tensor, "b t"], y: Float[tf.Tensor, "t c"]) -> Float[tf.Tensor, "b c"]:
    return x @ y


@shapecheck
class Dense(keras.layers.Layer):
    def __init__(self, units: Dim[int, "c"], **options):
        super().__init__(**options)
        self.inner = keras.layers.Dense(units)

    def call(self, x: Float[tf.Tensor, "b t"]) -> Float[tf.Tensor, "b c"]:
        return self.inner(x)


def test_eager(refused):
    assert (2, 4) == multiply(tf.zeros((2, 3)), tf.zeros((3, 4))).shape
    multiply(tf.Variable(tf.zeros((2, 3))), tf.zeros((3, 4)))
    refused("dim-mismatch", multiply, tf.zeros((2, 3)), tf.zeros((4, 4)))
    refused("rank-mismatch", multiply, tf.zeros((2, 3, 1)), tf.zeros((4, 4)))
    refused("dtype-mismatch", multiply, tf.zeros((2, 3), tf.int32), tf.zeros((3, 4)))
    refused("dtype-mismatch", multiply, np.zeros((2, 3)), tf.zeros((3, 4)))


@pytest.mark.parametrize("x", [[None, None], [2, None], [None, 3], None])
@pytest.mark.parametrize("y", [[None, 4], [3, 4], None])
def test_unknown_sizes_are_no_mismatch(x, y):
    run = tf.function(multiply, input_signature=[tf.TensorSpec(x), tf.TensorSpec(y)])

    assert (2, 4) == run(tf.zeros((2, 3)), tf.zeros((3, 4))).shape


def test_known_sizes_are_one_in_a_function_too():
    run = tf.function(
        lambda x, y: 2 * multiply(x, y), input_signature=[tf.TensorSpec([None, 3]), tf.TensorSpec([5, 4])]
    )

    with pytest.raises(ShapeError, match=r"axis 0 \(`t`\) is 5, expected 3") as caught:
        run(tf.zeros((2, 3)), tf.zeros((5, 4)))
    assert "dim-mismatch" == caught.value.fault.code
    assert __file__ in str(caught.value) or "test_keras.py" in str(caught.value)


def test_the_functions_own_control_flow_is_still_converted():
    @tf.function
    @shapecheck
    def sign(x: Float[tf.Tensor, ""]) -> Int[tf.Tensor, ""]:
        if x > 0:
            return tf.constant(1)
        return tf.constant(0)

    assert [1, 0] == [int(sign(tf.constant(v))) for v in (2.0, -2.0)]


def test_a_layer(refused):
    layer = Dense(4)

    assert (2, 4) == layer(tf.zeros((2, 3))).shape
    error = refused("rank-mismatch", layer, tf.zeros((2, 3, 4)))
    assert "`Dense.call()` argument `x`" in str(error)


def test_a_layer_that_gives_something_else_than_it_was_built_for(refused):
    layer = Dense(4)
    layer.inner = keras.layers.Dense(5)

    refused("dim-mismatch", layer, tf.zeros((2, 3)))


def test_symbolic_tensors_fit_and_saving(tmp_path, refused):
    layer = Dense(4)
    inputs = keras.Input((3,))
    model = keras.Model(inputs, layer(inputs))
    model.compile("sgd", "mse")
    model.fit(np.zeros((8, 3)), np.zeros((8, 4)), batch_size=3, verbose=0)
    assert (5, 4) == model.predict(np.zeros((5, 3)), verbose=0).shape
    model.save(tmp_path / "model.keras")
    refused("rank-mismatch", layer, keras.Input((3, 5)))


def test_any_array_type(refused):
    @shapecheck
    def f(x: Float[Any, "b t"]) -> Float[Any, "b"]:
        return x[:, 0]

    for x in (np.zeros((2, 3)), tf.zeros((2, 3)), keras.Input((3,)), keras.Variable(np.zeros((2, 3)))):
        f(x)
    refused("dtype-mismatch", f, np.zeros((2, 3), int))
    refused("rank-mismatch", f, tf.zeros(2))
