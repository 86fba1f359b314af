"""Both directions of a recurrent layer, put beside the mean of its input."""

import keras
import numpy as np
from jaxtyping import Float
from keras import layers


def main() -> None:
    steps = keras.Input((None, 24))
    x = layers.Bidirectional(layers.GRU(24, return_sequences=True))(steps)
    x = layers.Add()([x, steps])  # BUG
    model = keras.Model(steps, layers.GlobalAveragePooling1D()(x))
    out: Float[np.ndarray, "B 24"] = model.predict(np.zeros((3, 7, 24)), verbose=0)
    print(out.shape)
