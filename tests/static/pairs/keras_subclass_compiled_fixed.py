import numpy as np
import tensorflow as tf


class CNN(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.c = tf.keras.layers.Conv2D(8, 3, activation="relu")
        self.p = tf.keras.layers.MaxPool2D()
        self.out = tf.keras.layers.Dense(10, activation="softmax")

    def call(self, x):
        x = self.p(self.c(x))
        return self.out(tf.keras.layers.Flatten()(x))


def main() -> None:
    m = CNN()
    m.compile("adam", "sparse_categorical_crossentropy")
    x = np.random.rand(16, 28, 28, 1).astype("float32")
    y = np.random.randint(0, 10, (16,))
    print(m(x).shape)
    m.fit(x, y, verbose=0)

if __name__ == "__main__":
    main()
