"""A model that grows layer by layer."""

import keras
import numpy as np
from keras import layers


def main() -> None:
    model = keras.Sequential()
    model.add(keras.Input((32, 32, 3)))
    model.add(layers.Conv2D(8, 3, activation="relu"))
    model.add(layers.GlobalMaxPooling2D())
    model.add(layers.Dense(5))
    print(model(np.zeros((2, 32, 32, 3))).shape)
