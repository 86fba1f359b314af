"""A transformer block as a layer of its own, with residual sums."""

import keras
import tensorflow as tf
from jaxtyping import Float
from keras import layers


class TransformerBlock(layers.Layer):
    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.attention = layers.MultiHeadAttention(heads, width // heads)
        self.first = layers.Dense(hidden, activation="gelu")
        self.second = layers.Dense(width)
        self.norm1 = layers.LayerNormalization()
        self.norm2 = layers.LayerNormalization()

    def call(self, x, training=None):
        y = self.norm1(x)
        x = x + self.attention(y, y, training=training)
        y = self.second(self.first(self.norm2(x)))
        return x + y


def main() -> None:
    block = TransformerBlock(64, 4, 128)
    x = tf.random.normal((2, 10, 64))
    out: Float[tf.Tensor, "B T 64"] = block(x, training=False)
    print(out.shape)
