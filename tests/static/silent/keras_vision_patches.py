"""A vision transformer: patches of an image, their encoding, a few blocks."""

import keras
import numpy as np
from keras import layers, ops

image_size, patch_size, projection_dim, num_heads = 32, 8, 16, 2
num_patches = (image_size // patch_size) ** 2


def mlp(x, hidden_units, dropout_rate):
    for units in hidden_units:
        x = layers.Dense(units, activation=keras.activations.gelu)(x)
        x = layers.Dropout(dropout_rate)(x)
    return x


class PatchEncoder(layers.Layer):
    def __init__(self, num_patches, projection_dim):
        super().__init__()
        self.num_patches = num_patches
        self.projection = layers.Dense(units=projection_dim)
        self.position_embedding = layers.Embedding(input_dim=num_patches, output_dim=projection_dim)

    def call(self, patch):
        positions = ops.expand_dims(ops.arange(start=0, stop=self.num_patches, step=1), axis=0)
        return self.projection(patch) + self.position_embedding(positions)


def create_vit_classifier(classes=5):
    inputs = keras.Input(shape=(image_size, image_size, 3))
    patches = layers.Conv2D(48, patch_size, strides=patch_size)(inputs)
    patches = layers.Reshape((-1, 48))(patches)
    encoded = PatchEncoder(num_patches, projection_dim)(patches)
    for _ in range(2):
        x1 = layers.LayerNormalization(epsilon=1e-6)(encoded)
        attention = layers.MultiHeadAttention(num_heads=num_heads, key_dim=projection_dim, dropout=0.1)(x1, x1)
        x2 = layers.Add()([attention, encoded])
        x3 = layers.LayerNormalization(epsilon=1e-6)(x2)
        x3 = mlp(x3, hidden_units=[projection_dim * 2, projection_dim], dropout_rate=0.1)
        encoded = layers.Add()([x3, x2])
    representation = layers.Flatten()(layers.LayerNormalization(epsilon=1e-6)(encoded))
    features = mlp(representation, hidden_units=[64, 32], dropout_rate=0.5)
    return keras.Model(inputs=inputs, outputs=layers.Dense(classes)(features))


def main() -> None:
    print(create_vit_classifier()(np.zeros((2, image_size, image_size, 3))).shape)
