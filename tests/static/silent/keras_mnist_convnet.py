"""A small convnet on digits, as tutorials write it."""

import keras
import numpy as np
from keras import layers

num_classes = 10
input_shape = (28, 28, 1)


def load():
    x = np.random.rand(64, 28, 28).astype("float32")
    y = np.random.randint(0, num_classes, size=64)
    x = np.expand_dims(x, -1)
    y = keras.utils.to_categorical(y, num_classes)
    return (x, y), (x[:16], y[:16])


model = keras.Sequential(
    [
        keras.Input(shape=input_shape),
        layers.Conv2D(32, kernel_size=(3, 3), activation="relu"),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Conv2D(64, kernel_size=(3, 3), activation="relu"),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(num_classes, activation="softmax"),
    ]
)


def main() -> None:
    (x_train, y_train), (x_test, y_test) = load()
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    model.fit(x_train, y_train, batch_size=16, epochs=1, validation_split=0.25, verbose=0)
    score = model.evaluate(x_test, y_test, verbose=0)
    print(len(score), model.output_shape)
