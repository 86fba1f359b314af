"""A model with two heads."""

import keras
import numpy as np
from jaxtyping import Float
from keras import layers


def make():
    image = keras.Input((16, 16, 3))
    x = layers.GlobalAveragePooling2D()(layers.Conv2D(8, 3)(image))
    return keras.Model(image, [layers.Dense(4, name="box")(x), layers.Dense(10, name="kind")(x)])


def main() -> None:
    kind, box = make()(np.zeros((2, 16, 16, 3)))
    kinds: Float[np.ndarray, "B 10"] = kind.numpy()  # BUG
    print(box.shape, kinds.shape)
