"""Batch normalisation of images of one number of channels."""

import keras
import numpy as np
from keras import layers


class Stem(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.conv = layers.Conv2D(16, 3)
        self.norm = layers.BatchNormalization()
        self.second = layers.Conv2D(32, 3)

    def call(self, x):
        x = self.norm(self.conv(x))
        return self.norm(self.second(x))  # BUG


def main() -> None:
    print(Stem()(np.zeros((1, 20, 20, 3), dtype="float32")).shape)
