"""A residual block: the shortcut has the channels of the block."""

import keras
import numpy as np
from keras import layers


def block(x, filters: int):
    y = layers.Conv2D(filters, 3, padding="same")(x)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, padding="same")(y)
    if x.shape[-1] != filters:
        x = layers.Conv2D(filters, 1)(x)
    return layers.ReLU()(layers.Add()([x, y]))


def main() -> None:
    image = keras.Input((32, 32, 3))
    x = block(image, 16)
    x = block(x, 32)
    model = keras.Model(image, layers.GlobalAveragePooling2D()(x))
    print(model(np.zeros((2, 32, 32, 3))).shape)
