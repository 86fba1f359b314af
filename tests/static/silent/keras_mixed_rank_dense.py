"""`Dense` maps the last axis of whatever it gets; `(B,)` and `(B, 1)` targets both do for a regression."""

import keras
import numpy as np
from jaxtyping import Float
from keras import layers


def scores(x: Float[np.ndarray, "batch time feature"]) -> Float[np.ndarray, "batch time 1"]:
    return layers.Dense(1)(layers.Dense(8)(x)).numpy()


def main() -> None:
    print(scores(np.zeros((2, 3, 4), dtype="float32")).shape)
    for y in (np.zeros((6,)), np.zeros((6, 1))):
        model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
        model.compile("sgd", "mse")
        model.fit(np.zeros((6, 4)), y, verbose=0)
    print(keras.losses.MeanSquaredError()(np.zeros((6,)), model(np.zeros((6, 4)))).shape)
    print(keras.losses.mean_squared_error(np.zeros((6, 1)), np.zeros((6, 1))).shape)
