"""A stack of layers as a class of its own."""

import keras
import numpy as np
from jaxtyping import Float
from keras import layers


class Tower(keras.Sequential):
    def __init__(self, width: int) -> None:
        super().__init__([layers.Dense(width, activation="relu"), layers.Dense(width)])


class Pair(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.left = Tower(16)
        self.right = Tower(24)

    def call(self, inputs):
        a, b = inputs
        return self.left(a) * self.right(b)  # BUG


def main() -> None:
    a, b = np.zeros((4, 6), dtype="float32"), np.zeros((4, 9), dtype="float32")
    print(Pair()((a, b)).shape)
