"""A small U-Net: what the encoder saw is put beside what the decoder makes."""

import keras
import numpy as np
from jaxtyping import Float
from keras import layers


def double(x, filters: int):
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    return layers.Conv2D(filters, 3, padding="same", activation="relu")(x)


def make_unet(classes: int):
    image = keras.Input((64, 64, 3))
    skip1 = double(image, 16)
    x = layers.MaxPooling2D()(skip1)
    skip2 = double(x, 32)
    x = layers.MaxPooling2D()(skip2)
    x = double(x, 64)
    x = layers.Conv2DTranspose(32, 2, strides=2)(x)
    x = double(layers.Concatenate()([x, skip1]), 32)  # BUG
    x = layers.Conv2DTranspose(16, 2, strides=2)(x)
    x = double(layers.Concatenate()([x, skip1]), 16)
    return keras.Model(image, layers.Conv2D(classes, 1)(x))


def main() -> None:
    model = make_unet(5)
    masks: Float[np.ndarray, "B 64 64 5"] = model.predict(np.zeros((1, 64, 64, 3)), verbose=0)
    print(masks.shape)
