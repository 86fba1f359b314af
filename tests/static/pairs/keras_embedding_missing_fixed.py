"""Words as numbers go through an embedding before a convolution."""

import keras
import numpy as np
from keras import layers


def main() -> None:
    model = keras.Sequential(
        [
            keras.Input((40,), dtype="int32"),
            layers.Embedding(500, 16),
            layers.Conv1D(8, 3),
            layers.GlobalMaxPooling1D(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    print(model(np.ones((2, 40), dtype="int32")).shape)
