"""Images with their channels last, as Keras takes them."""

import keras
import numpy as np
from jaxtyping import Float
from keras import layers


def main() -> None:
    image = keras.Input(shape=(64, 64, 3))
    x = layers.Conv2D(8, 7, strides=4, activation="relu")(image)
    x = layers.Flatten()(x)
    model = keras.Model(inputs=image, outputs=layers.Dense(2)(x))
    print(model(np.zeros((2, 64, 64, 3))).shape)
