"""A training loop from scratch, with metrics and a compiled step."""

import keras
import numpy as np
import tensorflow as tf


def get_model():
    inputs = keras.Input(shape=(784,), name="digits")
    x1 = keras.layers.Dense(64, activation="relu")(inputs)
    x2 = keras.layers.Dense(64, activation="relu")(x1)
    outputs = keras.layers.Dense(10, name="predictions")(x2)
    return keras.Model(inputs=inputs, outputs=outputs)


optimizer = keras.optimizers.Adam(learning_rate=1e-3)
loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model = get_model()


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss_value = loss_fn(y, logits)
    grads = tape.gradient(loss_value, model.trainable_weights)
    optimizer.apply_gradients(zip(grads, model.trainable_weights))
    return loss_value


def main() -> None:
    x_train = np.reshape(np.random.rand(32, 28, 28).astype("float32"), (-1, 784))
    y_train = np.random.randint(0, 10, size=(32,))
    metric = keras.metrics.SparseCategoricalAccuracy()
    for step in range(2):
        x, y = x_train[step * 16 : (step + 1) * 16], y_train[step * 16 : (step + 1) * 16]
        loss_value = train_step(x, y)
        metric.update_state(y, model(x, training=False))
    print(loss_value.shape)
