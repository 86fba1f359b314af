"""A categorical loss compares two axes of classes."""

import keras
import numpy as np
from keras import layers


class Classifier(keras.Model):
    def __init__(self, classes: int) -> None:
        super().__init__()
        self.hidden = layers.Dense(32, activation="relu")
        self.head = layers.Dense(classes)

    def call(self, x):
        return self.head(self.hidden(x))


def main() -> None:
    model = Classifier(10)
    loss_fn = keras.losses.CategoricalCrossentropy(from_logits=True)
    y = keras.utils.to_categorical(np.arange(6), 10)
    loss = loss_fn(y, model(np.zeros((6, 20), dtype="float32")))
    print(loss.shape)
