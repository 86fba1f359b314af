"""Multi-head attention written with reshapes and transposes of tensors."""

import tensorflow as tf
from jaxtyping import Float
from tensorflow import keras
from tensorflow.keras import layers


class SelfAttention(layers.Layer):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.size = width // heads
        self.width = width
        self.query = layers.Dense(width)
        self.key = layers.Dense(width)
        self.value = layers.Dense(width)
        self.combine = layers.Dense(width)

    def split(self, x, batch):
        x = tf.reshape(x, (batch, -1, self.heads, self.size))
        return tf.transpose(x, perm=[0, 2, 1, 3])

    def call(self, x: Float[tf.Tensor, "batch time width"]) -> Float[tf.Tensor, "batch time width"]:
        batch = tf.shape(x)[0]
        query = self.split(self.query(x), batch)
        key = self.split(self.key(x), batch)
        value = self.split(self.value(x), batch)
        score = tf.matmul(query, key, transpose_b=True)
        scaled = score / tf.math.sqrt(tf.cast(tf.shape(key)[-1], tf.float32))
        weights = tf.nn.softmax(scaled, axis=-1)
        out = tf.transpose(tf.matmul(weights, value), perm=[0, 2, 1, 3])
        out = tf.reshape(out, (batch, -1, self.width))
        return self.combine(out)


def main() -> None:
    print(SelfAttention(32, 4)(tf.random.normal((2, 5, 32))).shape)
