"""Frames of a video: the same convolution at every step, then a recurrent layer."""

import keras
import numpy as np
from keras import layers


def main() -> None:
    frames = keras.Sequential(
        [
            layers.Input((16, 32, 32, 3)),
            layers.TimeDistributed(layers.Conv2D(8, 3, activation="relu")),
            layers.LSTM(12),  # BUG
            layers.Dense(4),
        ]
    )
    print(frames(np.zeros((2, 16, 32, 32, 3))).shape)
