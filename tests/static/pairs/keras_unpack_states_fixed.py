"""A GRU gives one state, an LSTM two."""

import keras
import numpy as np
from keras import layers


def main() -> None:
    x = np.zeros((2, 9, 20), dtype="float32")
    out, state = layers.GRU(8, return_sequences=True, return_state=True)(x)
    print(out.shape, state.shape)
