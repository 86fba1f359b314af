"""Two summaries of a sequence, side by side."""

import keras
import numpy as np
from jaxtyping import Float
from keras import layers, ops


class MeanMax(layers.Layer):
    def call(self, x):
        mean, top = ops.mean(x, axis=1), ops.max(x, axis=1)
        return ops.concatenate([mean, top], axis=-1)


def main() -> None:
    pooled: Float[np.ndarray, "b 24"] = MeanMax()(np.zeros((3, 7, 12), dtype="float32")).numpy()
    print(pooled.shape)
