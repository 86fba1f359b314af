"""Two images and one network: the distance of what it makes of them."""

import keras
import numpy as np
from keras import layers, ops


def euclidean_distance(vects):
    x, y = vects
    sum_square = ops.sum(ops.square(x - y), axis=1, keepdims=True)
    return ops.sqrt(ops.maximum(sum_square, keras.backend.epsilon()))


def main() -> None:
    input = keras.layers.Input((28, 28, 1))
    x = keras.layers.BatchNormalization()(input)
    x = keras.layers.Conv2D(4, (5, 5), activation="tanh")(x)
    x = keras.layers.AveragePooling2D(pool_size=(2, 2))(x)
    x = keras.layers.Flatten()(x)
    embedding_network = keras.Model(input, keras.layers.Dense(10, activation="tanh")(x))

    input_1 = keras.layers.Input((28, 28, 1))
    input_2 = keras.layers.Input((28, 28, 1))
    tower_1 = embedding_network(input_1)
    tower_2 = embedding_network(input_2)
    merge_layer = keras.layers.Lambda(euclidean_distance, output_shape=(1,))([tower_1, tower_2])
    output_layer = keras.layers.Dense(1, activation="sigmoid")(keras.layers.BatchNormalization()(merge_layer))
    siamese = keras.Model(inputs=[input_1, input_2], outputs=output_layer)
    siamese.compile(loss="binary_crossentropy", optimizer="RMSprop")
    pairs = np.zeros((6, 2, 28, 28, 1), dtype="float32")
    siamese.fit([pairs[:, 0], pairs[:, 1]], np.zeros((6,)), epochs=1, verbose=0)
    print(siamese.predict([pairs[:, 0], pairs[:, 1]], verbose=0).shape)
