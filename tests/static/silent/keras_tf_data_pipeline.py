"""A pipeline of images: maps over a dataset, batches of them through a model."""

import keras
import tensorflow as tf
from keras import layers

IMG_SIZE = 24


def preprocess(image, label):
    image = tf.cast(image, tf.float32) / 255.0
    image = tf.image.resize(image, (IMG_SIZE, IMG_SIZE))
    return image, tf.one_hot(label, 3)


def main() -> None:
    images = tf.random.uniform((12, 32, 40, 3), maxval=256, dtype=tf.int32)
    labels = tf.random.uniform((12,), maxval=3, dtype=tf.int32)
    ds = tf.data.Dataset.from_tensor_slices((images, labels))
    ds = ds.map(preprocess, num_parallel_calls=tf.data.AUTOTUNE).shuffle(12).batch(4).prefetch(1)
    augment = keras.Sequential([layers.RandomFlip("horizontal"), layers.RandomRotation(0.1)])
    ds = ds.map(lambda x, y: (augment(x, training=True), y))
    model = keras.Sequential(
        [layers.Input((IMG_SIZE, IMG_SIZE, 3)), layers.Conv2D(4, 3), layers.GlobalMaxPooling2D(), layers.Dense(3)]
    )
    model.compile("adam", keras.losses.CategoricalCrossentropy(from_logits=True))
    model.fit(ds, epochs=1, shuffle=False, verbose=0)
    for x, y in ds.take(1):
        print(model(x).shape, y.shape)
