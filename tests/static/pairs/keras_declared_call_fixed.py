"""A layer whose call declares what it takes and gives."""

import keras
import numpy as np
from jaxtyping import Float
from keras import layers
from tensorflow import Tensor


class Pooler(layers.Layer):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.dense = layers.Dense(width, activation="tanh")

    def call(self, x: Float[Tensor, "batch time feature"]) -> Float[Tensor, "batch width"]:
        return self.dense(x[:, 0])


def main() -> None:
    print(Pooler(6)(np.zeros((2, 5, 4), dtype="float32")).shape)
