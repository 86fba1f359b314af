"""What `tf.shape` gives is a tensor: arithmetic with it is element by element."""

import tensorflow as tf


def doubled(image: tf.Tensor, scale: int = 3) -> tf.Tensor:
    size = tf.shape(image) * scale
    out = tf.image.resize(image[tf.newaxis, ..., tf.newaxis], size=size)
    height, width = tf.unstack(size, axis=-1)
    return tf.reshape(out, [height * width])


def padded(x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
    return tf.zeros(tf.shape(x) + tf.shape(y) - [1, 0]) + tf.ones(2 * tf.shape(x)[1:])[:1]


def doubling() -> tf.Tensor:
    return doubled(tf.ones((4, 3)))


class Refusals(tf.test.TestCase):
    def refused(self) -> None:
        with self.assertRaisesRegexp(ValueError, "Dimension"):
            tf.reshape(tf.ones((3, 1)), [2, 2])


def main() -> None:
    print(doubling().shape, doubled(tf.ones((2, 2)), 1).shape, padded(tf.ones((2, 3)), tf.ones((4, 3))).shape)


if __name__ == "__main__":
    main()
