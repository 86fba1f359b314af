"""Positions are added to tokens."""

import keras
import numpy as np
from keras import layers, ops


class Embed(layers.Layer):
    def __init__(self, vocabulary: int, length: int, width: int) -> None:
        super().__init__()
        self.tokens = layers.Embedding(vocabulary, width)
        self.positions = layers.Embedding(length, width)
        self.length = length

    def call(self, x):
        positions = ops.arange(0, self.length, 1)
        return self.tokens(x) + self.positions(positions)


def main() -> None:
    print(Embed(50, 12, 8)(np.zeros((2, 12), dtype="int32")).shape)
