import keras
import numpy as np
from keras import layers


def main() -> None:
    features = keras.Input((10,))
    hidden = layers.Dense(32, activation="relu")(features)
    box = layers.Dense(4, name="box")(hidden)
    label = layers.Dense(3, activation="softmax", name="label")(hidden)
    model = keras.Model(features, [box, label])
    model.compile("sgd", loss=["mse", "sparse_categorical_crossentropy"])
    x = np.zeros((20, 10), "float32")
    boxes, labels = np.zeros((20, 4)), np.zeros((20,), "int32")
    model.fit(x, [labels, boxes], verbose=0)  # BUG
    print(model.output_shape)


if __name__ == "__main__":
    main()
