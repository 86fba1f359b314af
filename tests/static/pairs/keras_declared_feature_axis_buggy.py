"""Features of one batch, declared by the function that makes them."""

import keras
import numpy as np
from jaxtyping import Float
from keras import layers


class Features(layers.Layer):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv = layers.Conv1D(width, 5, padding="causal")
        self.pool = layers.GlobalMaxPooling1D()

    def call(self, x):
        return self.conv(x)


def features(x: Float[np.ndarray, "batch time channel"]) -> Float[np.ndarray, "batch 16"]:
    return Features(16)(x).numpy()  # BUG


def main() -> None:
    print(features(np.zeros((2, 30, 4), dtype="float32")).shape)
