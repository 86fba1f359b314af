import numpy as np
from tensorflow import keras
from tensorflow.keras import layers


def main() -> None:
    inputs = keras.Input((32, 32, 3))
    x = layers.Conv2D(16, 3, activation="relu", name="c1")(inputs)
    x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(32, 3, activation="relu", name="c2")(x)
    x = layers.GlobalMaxPooling2D()(x)
    outputs = layers.Dense(10)(x)
    model = keras.Model(inputs, outputs)
    extractor = keras.Model(model.input, model.get_layer("c2").output)
    feats = extractor(np.zeros((2, 32, 32, 3), dtype="float32"))
    clf = keras.Sequential([keras.Input((32,)), layers.Dense(4)])
    print(clf(feats).shape)  # BUG

if __name__ == "__main__":
    main()
