"""Layers that make their weights when they are built, layers of layers, an activity loss."""

import keras
from keras import layers, ops


class Linear(keras.layers.Layer):
    def __init__(self, units=32):
        super().__init__()
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer="random_normal", trainable=True)
        self.b = self.add_weight(shape=(self.units,), initializer="random_normal", trainable=True)

    def call(self, inputs):
        return ops.matmul(inputs, self.w) + self.b


class ComputeSum(keras.layers.Layer):
    def __init__(self, input_dim):
        super().__init__()
        self.total = self.add_weight(initializer="zeros", shape=(input_dim,), trainable=False)

    def call(self, inputs):
        self.total.assign_add(ops.sum(inputs, axis=0))
        return self.total


class MLPBlock(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.linear_1 = Linear(32)
        self.linear_2 = Linear(32)
        self.linear_3 = Linear(1)

    def call(self, inputs):
        x = self.linear_1(inputs)
        x = keras.activations.relu(x)
        x = self.linear_2(x)
        x = keras.activations.relu(x)
        return self.linear_3(x)


class Noisy(layers.Dropout):
    def call(self, inputs, training=None):
        return super().call(inputs * 2.0, training=training)


def main() -> None:
    mlp = MLPBlock()
    y = mlp(ops.ones(shape=(3, 64)))
    print(y.shape, len(mlp.weights))
    total = ComputeSum(2)(ops.ones((2, 2)))
    print(total.shape)
    print(Linear(4)(ops.ones((2, 5, 7))).shape)
    print(Noisy(0.5)(y, training=True).shape)
