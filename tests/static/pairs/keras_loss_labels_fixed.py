"""A loss for labels that are numbers, and one for labels with an axis of classes."""

import keras
import numpy as np
from keras import layers


def main() -> None:
    model = keras.Sequential([keras.Input((16,)), layers.Dense(4)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction=None)
    labels = np.zeros((8,), dtype="int32")
    print(loss(labels, model(np.zeros((8, 16)))).shape)
