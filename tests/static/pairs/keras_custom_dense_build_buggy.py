"""A layer that makes its weights when it sees its first input."""

import tensorflow as tf
from jaxtyping import Float
from tensorflow import keras


class Linear(keras.layers.Layer):
    def __init__(self, units: int = 32, **kwargs) -> None:
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(shape=(self.units, input_shape[-1]), initializer="random_normal")
        self.b = self.add_weight(shape=(self.units,), initializer="zeros")

    def call(self, inputs):
        return tf.matmul(inputs, self.w) + self.b  # BUG


def main() -> None:
    layer = Linear(4)
    out: Float[tf.Tensor, "B 4"] = layer(tf.ones((3, 7)))
    print(out.shape)
