import tensorflow as tf
from keras import layers


def prepare(image, label):
    image = tf.cast(image, tf.float32) / 255.0
    return tf.reshape(image, (28, 28, 1)), label


def main() -> None:
    images, labels = tf.zeros((16, 784), tf.uint8), tf.zeros((16,), tf.int32)
    dataset = tf.data.Dataset.from_tensor_slices((images, labels)).map(prepare).shuffle(16).batch(4)
    convolution = layers.Conv2D(8, 3, activation="relu")
    for image, _ in dataset:
        print(convolution(image).shape)


if __name__ == "__main__":
    main()
