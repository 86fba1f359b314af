import numpy as np
from tensorflow import keras
from tensorflow.keras import layers


def autoencoder(dim=784, code=32):
    return keras.Sequential([
        keras.Input((dim,)),
        layers.Dense(128, activation="relu"),
        layers.Dense(code, activation="relu", name="code"),
        layers.Dense(128, activation="relu"),
        layers.Dense(dim, activation="sigmoid"),
    ])


def main() -> None:
    ae = autoencoder()
    encoder = keras.Model(ae.inputs, ae.layers[0].output)  # BUG
    clf = keras.Sequential([keras.Input((32,)), layers.Dense(10, activation="softmax")])
    codes = encoder.predict(np.random.rand(8, 784), verbose=0)
    print(clf(codes).shape)  # ALT

if __name__ == "__main__":
    main()
