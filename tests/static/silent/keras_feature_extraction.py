"""What a part of a model makes: the outputs of its middle, and of a frozen copy with a new head."""

import keras
import numpy as np
from keras import layers


def base_model():
    inputs = keras.Input(shape=(48, 48, 3))
    x = layers.Rescaling(1.0 / 255)(inputs)
    for width in (8, 16):
        x = layers.Conv2D(width, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D()(x)
    return keras.Model(inputs, x, name="base")


def main() -> None:
    base = base_model()
    base.trainable = False
    inputs = keras.Input(shape=(48, 48, 3))
    x = base(inputs, training=False)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.2)(x)
    model = keras.Model(inputs, layers.Dense(1)(x))
    print(model(np.zeros((2, 48, 48, 3))).shape)
    extractor = keras.Model(inputs=base.inputs, outputs=[layer.output for layer in base.layers[1:]])
    print(len(extractor([np.zeros((1, 48, 48, 3))])))
    middle = keras.Model(base.input, base.get_layer(index=2).output)
    print(middle(np.zeros((1, 48, 48, 3))).shape)
    stacked = keras.Sequential([base, layers.Flatten(), layers.Dense(3)])
    print(stacked(np.zeros((2, 48, 48, 3))).shape)
