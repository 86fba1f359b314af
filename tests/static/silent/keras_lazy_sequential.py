"""A Sequential without an input: built by the first batch, then used with other batches and lengths."""

import keras
import numpy as np
from keras import layers


def main() -> None:
    model = keras.Sequential([layers.Conv1D(8, 3, padding="same"), layers.LSTM(4), layers.Dense(2)])
    print(model(np.zeros((2, 10, 5), dtype="float32")).shape)
    print(model(np.zeros((3, 17, 5), dtype="float32")).shape)
    grown = keras.Sequential(name="grown")
    for width in (16, 8, 4):
        grown.add(layers.Dense(width, activation="relu"))
    grown.add(layers.Dense(1))
    print(grown(np.zeros((6, 3), dtype="float32")).shape, len(grown.layers))
    grown.pop()
    print(grown(np.zeros((6, 3), dtype="float32")).shape)
