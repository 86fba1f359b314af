"""A training loop written out, with the loss of each batch."""

import keras
import tensorflow as tf
from jaxtyping import Float
from keras import layers


def main() -> None:
    model = keras.Sequential([layers.Input((8,)), layers.Dense(16, activation="relu"), layers.Dense(3)])
    optimizer = keras.optimizers.SGD(0.1)
    x = tf.random.normal((4, 8))
    y = tf.zeros((4, 2))
    for _ in range(2):
        with tf.GradientTape() as tape:
            predicted = model(x, training=True)
            error: Float[tf.Tensor, "B 3"] = predicted - y  # BUG
            loss = tf.reduce_mean(tf.square(error))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    print(error.shape)
