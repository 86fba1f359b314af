"""Pooling halves an image until a window no longer fits."""

import keras
import numpy as np
from keras import layers


def make(depth: int):
    model = keras.Sequential([keras.Input((16, 16, 3))])
    for _ in range(depth):
        model.add(layers.Conv2D(8, 3))  # BUG
        model.add(layers.MaxPooling2D())
    return model


def main() -> None:
    print(make(3)(np.zeros((1, 16, 16, 3))).shape)
