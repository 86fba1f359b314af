"""Grouped convolutions: the channels are divided evenly."""

import keras
import numpy as np
from keras import layers


def main() -> None:
    x = keras.Input((32, 32, 24))
    y = layers.Conv2D(48, 3, groups=5)(x)  # BUG
    y = layers.DepthwiseConv2D(3, depth_multiplier=2)(y)
    model = keras.Model(x, y)
    print(model.output_shape, model.count_params())
