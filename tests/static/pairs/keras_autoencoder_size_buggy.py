"""An autoencoder of images: what comes out has the size of what went in."""

import keras
import numpy as np
from jaxtyping import Float
from keras import layers


def make_autoencoder():
    encoder = keras.Sequential(
        [
            layers.Input(shape=(28, 28, 1)),
            layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2D(8, 3, strides=2, padding="same", activation="relu"),
        ]
    )
    decoder = keras.Sequential(
        [
            layers.Input(shape=(7, 7, 8)),
            layers.Conv2DTranspose(8, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(16, 3, strides=1, padding="same", activation="relu"),
            layers.Conv2D(1, 3, padding="same", activation="sigmoid"),
        ]
    )
    images = keras.Input((28, 28, 1))
    return keras.Model(images, decoder(encoder(images)))


def main() -> None:
    model = make_autoencoder()
    images = np.zeros((2, 28, 28, 1), dtype="float32")
    restored: Float[np.ndarray, "B 28 28 1"] = model.predict(images, verbose=0)  # BUG
    print(restored.shape)
