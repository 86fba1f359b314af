"""A generator that shapes noise into an image."""

import keras
import numpy as np
from keras import layers


def main() -> None:
    generator = keras.Sequential(
        [
            keras.Input((100,)),
            layers.Dense(7 * 7 * 64),
            layers.Reshape((7, 7, 128)),  # BUG
            layers.Conv2DTranspose(64, 4, strides=2, padding="same"),
            layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh"),
        ]
    )
    print(generator(np.zeros((2, 100))).shape)
