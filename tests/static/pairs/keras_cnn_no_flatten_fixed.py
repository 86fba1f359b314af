"""A digit classifier whose features are flattened before the last layer."""

import tensorflow as tf
from jaxtyping import Float
from tensorflow.keras import layers


def main() -> None:
    model = tf.keras.Sequential(
        [
            layers.Input(shape=(28, 28, 1)),
            layers.Conv2D(32, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(64, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    images = tf.random.normal((1, 28, 28, 1))
    output: Float[tf.Tensor, "B 10"] = model(images)
    print(output.shape)
