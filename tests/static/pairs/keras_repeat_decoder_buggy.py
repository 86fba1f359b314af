"""A sequence from one vector: it is repeated for every step."""

import keras
import numpy as np
from jaxtyping import Float
from keras import layers


def main() -> None:
    model = keras.Sequential(
        [
            keras.Input((10, 3)),
            layers.LSTM(16),
            layers.LSTM(16, return_sequences=True),  # BUG
            layers.TimeDistributed(layers.Dense(3)),
        ]
    )
    out: Float[np.ndarray, "B 10 3"] = model.predict(np.zeros((2, 10, 3)), verbose=0)
    print(out.shape)
