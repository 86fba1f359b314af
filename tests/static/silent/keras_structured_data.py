"""Columns of a table as named inputs."""

import keras
import numpy as np
from keras import layers

NUMERIC = ["age", "pressure", "cholesterol"]
CATEGORICAL = {"sex": 2, "thal": 5}


def build():
    inputs = {name: keras.Input(shape=(1,), name=name) for name in NUMERIC}
    inputs.update({name: keras.Input(shape=(1,), name=name, dtype="int32") for name in CATEGORICAL})
    encoded = [layers.Normalization(mean=0.0, variance=1.0)(inputs[name]) for name in NUMERIC]
    for name, count in CATEGORICAL.items():
        encoded.append(layers.Flatten()(layers.Embedding(count, 4)(inputs[name])))
    x = layers.concatenate(encoded)
    x = layers.Dense(32, activation="relu")(x)
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x))


def main() -> None:
    model = build()
    model.compile("adam", "binary_crossentropy")
    data = {name: np.random.rand(8, 1) for name in NUMERIC}
    data |= {name: np.random.randint(0, count, (8, 1)) for name, count in CATEGORICAL.items()}
    model.fit(data, np.random.randint(0, 2, (8, 1)), verbose=0)
    print(model.predict(data, verbose=0).shape)
