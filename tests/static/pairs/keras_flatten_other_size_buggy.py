"""A Sequential takes another image size as long as nothing after it counts the pixels."""

import keras
import numpy as np
from keras import layers


def main() -> None:
    model = keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Conv2D(4, 3),
            layers.Flatten(),
            layers.Dense(2),
        ]
    )
    print(model(np.zeros((1, 48, 48, 3))).shape)  # BUG
