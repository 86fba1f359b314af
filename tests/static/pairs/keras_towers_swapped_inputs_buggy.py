"""A model with two inputs, given in the order in which they were declared."""

import keras
import numpy as np
from keras import layers


def main() -> None:
    left = keras.Input((8,))
    right = keras.Input((3,))
    both = layers.Concatenate()([left, right])
    model = keras.Model(inputs=[left, right], outputs=layers.Dense(2)(both))
    a, b = np.zeros((4, 8)), np.zeros((4, 3))
    print(model([b, a]).shape)  # BUG
