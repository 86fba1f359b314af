"""As many labels as samples."""

import keras
import numpy as np
from keras import layers


def main() -> None:
    x = np.random.rand(32, 10)
    y = np.random.rand(32, 1)
    model = keras.Sequential([layers.Input((10,)), layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse")
    model.fit(x, y, epochs=1, verbose=0)
    print(model.predict(x, verbose=0).shape)
