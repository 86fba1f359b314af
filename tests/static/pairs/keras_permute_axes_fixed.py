"""A convolution over time, with the channels last."""

import keras
import numpy as np
from jaxtyping import Float
from keras import layers


def main() -> None:
    signal = keras.Input((12, 400))
    x = layers.Permute((2, 1))(signal)
    x = layers.Conv1D(32, 25, strides=10)(x)
    x = layers.MaxPooling1D(10)(x)
    model = keras.Model(signal, layers.Flatten()(x))
    out: Float[np.ndarray, "B 96"] = model(np.zeros((2, 12, 400))).numpy()
    print(out.shape)
