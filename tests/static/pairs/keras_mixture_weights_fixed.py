"""Experts weighted by a gate: an axis is made for the features."""

import keras
import numpy as np
from keras import layers, ops


class Mixture(layers.Layer):
    def __init__(self, experts: int, width: int) -> None:
        super().__init__()
        self.gate = layers.Dense(experts, activation="softmax")
        self.experts = [layers.Dense(width) for _ in range(experts)]

    def call(self, x):
        weights = ops.expand_dims(self.gate(x), -1)
        found = ops.stack([expert(x) for expert in self.experts], axis=1)
        return ops.sum(weights * found, axis=1)


def main() -> None:
    print(Mixture(4, 6)(np.zeros((3, 10), dtype="float32")).shape)
