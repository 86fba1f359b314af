"""Attention by hand, with the keys transposed."""

import keras
import numpy as np
from jaxtyping import Float
from keras import layers, ops


class Attention(layers.Layer):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.query = layers.Dense(width)
        self.key = layers.Dense(width)
        self.value = layers.Dense(width)

    def call(self, x):
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = ops.matmul(q, k)  # BUG
        return ops.matmul(ops.softmax(scores), v)


def main() -> None:
    out: Float[np.ndarray, "b t 8"] = Attention(8)(np.zeros((2, 5, 6), dtype="float32")).numpy()
    print(out.shape)
