"""Datasets of TensorFlow: rows of arrays, mapped, batched and fitted."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers


def windows(series: np.ndarray, width: int) -> tf.data.Dataset:
    rows = np.stack([series[i : i + width] for i in range(len(series) - width)])
    return tf.data.Dataset.from_tensor_slices({"past": rows, "next": series[width:]})


def scaled(row):
    return row["past"][:, None] / 2.0, row["next"]


def main() -> None:
    model = keras.Sequential([keras.Input((8, 1)), layers.LSTM(4), layers.Dense(1)])
    model.compile("sgd", "mse")
    data = windows(np.sin(np.arange(40.0)).astype("float32"), 8).map(scaled, num_parallel_calls=2).shuffle(8).batch(4)
    model.fit(data.prefetch(1), shuffle=False, verbose=0)
    images = tf.data.Dataset.from_tensor_slices(np.zeros((10, 28, 28), "float32"))
    for batch in images.map(lambda image: image[..., None]).batch(5, drop_remainder=True).take(1):
        print(layers.Conv2D(2, 3)(batch).shape)
    classifier = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10, activation="softmax")])
    classifier.compile("sgd", "sparse_categorical_crossentropy")
    labelled = tf.data.Dataset.from_tensor_slices((np.zeros((9, 28, 28)), np.zeros(9, "int32"))).repeat(2).batch(4)
    classifier.fit(labelled, shuffle=False, verbose=0, validation_data=labelled)
    print(classifier.predict(np.zeros((2, 28, 28)), verbose=0).shape)


if __name__ == "__main__":
    main()
