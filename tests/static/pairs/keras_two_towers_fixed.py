"""Users and films: two towers whose vectors are compared."""

import keras
import numpy as np
from jaxtyping import Float
from keras import layers


def tower(features: int, width: int):
    inputs = keras.Input((features,))
    x = layers.Dense(64, activation="relu")(inputs)
    return keras.Model(inputs, layers.Dense(width)(x))


def main() -> None:
    users = tower(12, 32)
    films = tower(20, 32)
    u = keras.Input((12,), name="user")
    f = keras.Input((20,), name="film")
    score = layers.Dot(axes=1)([users(u), films(f)])
    model = keras.Model([u, f], score)
    found: Float[np.ndarray, "B 1"] = model.predict([np.zeros((5, 12)), np.zeros((5, 20))], verbose=0)
    print(found.shape)
