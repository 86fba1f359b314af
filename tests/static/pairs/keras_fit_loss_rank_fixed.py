"""Labels as numbers, with the loss that takes them so."""

import keras
import numpy as np
from keras import layers


def main() -> None:
    x = np.random.rand(8, 28, 28, 1)
    y = np.random.randint(0, 10, size=(8,))
    model = keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=1, verbose=0)
    print(model.output_shape)
