"""Heads are split off the feature axis."""

import keras
import numpy as np
from jaxtyping import Float
from keras import layers, ops


def heads(x: Float[np.ndarray, "b t 32"]) -> Float[np.ndarray, "b 4 t 8"]:
    batch, time, width = x.shape
    split = ops.reshape(x, (batch, time, 4, 8))
    return ops.transpose(split, (0, 1, 2, 3)).numpy()  # BUG


def main() -> None:
    print(heads(np.zeros((2, 5, 32), dtype="float32")).shape)
