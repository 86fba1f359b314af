import keras
import numpy as np
import tensorflow as tf
from keras import layers

BATCH = 8


class Carried(keras.Model):
    """Its state has the size of a batch, not that of the data."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.cell = layers.Dense(units)
        self.out = layers.Dense(1)
        self.units = units

    def call(self, x: tf.Tensor) -> tf.Tensor:
        state = tf.zeros((BATCH, self.units))
        for t in range(x.shape[1]):
            state = tf.tanh(self.cell(x[:, t]) + state)
        return self.out(state)


def weighted(true: tf.Tensor, given: tf.Tensor) -> tf.Tensor:
    weights = tf.ones((BATCH, 1))
    return tf.reduce_mean(weights * tf.square(true - given))


def main() -> None:
    x, y = np.random.rand(32, 5, 3).astype("float32"), np.random.rand(32, 1).astype("float32")
    model = Carried(4)
    model.compile("adam", loss=weighted)
    model.fit(x, y, batch_size=BATCH, verbose=0)
    print(model.predict(x, batch_size=BATCH, verbose=0).shape)
    plain = keras.Sequential([keras.Input((5, 3)), layers.Flatten(), layers.Dense(1)])
    plain.compile("adam", loss=weighted)
    plain.fit(x, y, batch_size=BATCH, verbose=0)


if __name__ == "__main__":
    main()
