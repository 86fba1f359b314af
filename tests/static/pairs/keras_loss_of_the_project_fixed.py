import numpy as np
import tensorflow as tf
from tensorflow import keras


def weighted_bce(y_true, y_pred):
    w = tf.constant([1.0, 5.0, 2.0])
    bce = keras.losses.binary_crossentropy(y_true, y_pred)
    return tf.reduce_mean(bce * tf.reduce_sum(y_true * w, axis=1))


def main() -> None:
    x = np.random.rand(20, 4).astype("float32")
    y = np.eye(3, dtype="float32")[np.random.randint(0, 3, 20)]
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="sigmoid")])
    model.compile("adam", loss=weighted_bce)
    print(model.count_params())
    model.fit(x, y, batch_size=20, verbose=0)

if __name__ == "__main__":
    main()
