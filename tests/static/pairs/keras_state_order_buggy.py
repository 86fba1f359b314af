"""An encoder whose last state starts the decoder."""

import keras
import numpy as np
from keras import layers


def main() -> None:
    source = keras.Input((None, 20))
    target = keras.Input((None, 30))
    _, hidden, cell = layers.LSTM(32, return_state=True)(source)
    out = layers.LSTM(64, return_sequences=True)(target, initial_state=[hidden, cell])  # BUG
    model = keras.Model([source, target], layers.Dense(30)(out))
    print(model([np.zeros((2, 9, 20)), np.zeros((2, 6, 30))]).shape)
