"""A model of blocks that know whether their input needs a projection."""

import keras
import numpy as np
from keras import layers


class Block(layers.Layer):
    def __init__(self, filters: int, strides: int = 1) -> None:
        super().__init__()
        self.filters = filters
        self.strides = strides
        self.conv1 = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)
        self.bn1 = layers.BatchNormalization()
        self.conv2 = layers.Conv2D(filters, 3, padding="same", use_bias=False)
        self.bn2 = layers.BatchNormalization()
        self.shortcut = None

    def build(self, input_shape):
        if self.strides != 1 or input_shape[-1] != self.filters:
            self.shortcut = layers.Conv2D(self.filters, 1, strides=self.strides)

    def call(self, x, training=False):
        y = keras.ops.relu(self.bn1(self.conv1(x), training=training))
        y = self.bn2(self.conv2(y), training=training)
        if self.shortcut is not None:
            x = self.shortcut(x)
        return keras.ops.relu(x + y)


class Net(keras.Model):
    def __init__(self, widths=(8, 16, 32), classes=10) -> None:
        super().__init__()
        self.stem = layers.Conv2D(widths[0], 3, padding="same")
        self.blocks = [Block(w, 1 if i == 0 else 2) for i, w in enumerate(widths)]
        self.head = layers.Dense(classes)
        self.pool = layers.GlobalAveragePooling2D()

    def call(self, x, training=False):
        x = self.stem(x)
        for block in self.blocks:
            x = block(x, training=training)
        return self.head(self.pool(x))


def main() -> None:
    print(Net()(np.zeros((2, 32, 32, 3), dtype="float32")).shape)
    print(Net((4, 4), 3)(np.zeros((2, 15, 17, 1), dtype="float32"), training=True).shape)
