"""Another number of steps is no mistake, other features are one."""

import keras
import numpy as np
from keras import layers


def main() -> None:
    model = keras.Sequential([keras.Input((10, 50)), layers.LSTM(128), layers.Dense(10)])
    print(model(np.zeros((1, 10, 49), dtype="float32")).shape)  # BUG
