import tensorflow as tf


def conditional(x: tf.Tensor, k: tf.Tensor) -> tf.Tensor:
    lead = tf.shape(k)[:-2]
    f = tf.broadcast_to(x, tf.concat([lead, tf.shape(x)[-2:]], 0))
    noise = tf.random.normal(tf.concat([tf.shape(f)[:-1], [2]], 0))
    return tf.linalg.matmul(f, noise, transpose_a=True)


def main() -> None:
    print(conditional(tf.ones((4, 3)), tf.ones((5, 2, 2))).shape)


if __name__ == "__main__":
    main()
