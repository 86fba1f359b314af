"""Two branches that see the same image."""

import keras
import numpy as np
from keras import layers


def branch(x, kernel: int):
    return layers.Conv2D(4, kernel, padding="same")(x)


def main() -> None:
    image = keras.Input((20, 20, 3))
    wide = branch(image, 5)
    narrow = branch(image, 3)
    model = keras.Model(image, layers.Concatenate(axis=-1)([wide, narrow]))
    print(model(np.zeros((1, 20, 20, 3))).shape)
