"""A feature pyramid: the coarse level is enlarged before it is added to the fine one."""

import keras
import numpy as np
from keras import layers


def main() -> None:
    image = keras.Input((64, 64, 3))
    fine = layers.Conv2D(16, 3, strides=4, padding="same")(image)
    coarse = layers.Conv2D(16, 3, strides=2, padding="same")(fine)
    top = layers.UpSampling2D(2)(coarse)
    model = keras.Model(image, layers.Add()([fine, top]))
    print(model(np.zeros((1, 64, 64, 3))).shape)
