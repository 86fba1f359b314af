"""A variational encoder: mean and logarithm of the variance for each latent axis."""

import keras
import numpy as np
from jaxtyping import Float
from keras import layers, ops


class Sampling(layers.Layer):
    def call(self, inputs):
        mean, log_var = inputs
        return mean + ops.exp(0.5 * log_var)


def main() -> None:
    image = keras.Input((28, 28, 1))
    x = layers.Conv2D(8, 3, strides=2)(image)
    x = layers.Flatten()(x)
    mean = layers.Dense(2, name="mean")(x)
    log_var = layers.Dense(2, name="log_var")(x)
    z = Sampling()([mean, log_var])
    encoder = keras.Model(image, [mean, log_var, z])
    mean, log_var, z = encoder(np.zeros((3, 28, 28, 1)))
    found: Float[np.ndarray, "B 2"] = z.numpy()
    print(found.shape)
