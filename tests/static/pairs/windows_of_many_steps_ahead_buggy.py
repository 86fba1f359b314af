import numpy as np
from tensorflow import keras
from tensorflow.keras import layers


def windows(series, n_in, n_out):
    X, y = [], []
    for i in range(len(series) - n_in - n_out + 1):
        X.append(series[i : i + n_in])
        y.append(series[i + n_in : i + n_in + n_out])
    return np.array(X), np.array(y)


def main() -> None:
    series = np.sin(np.arange(300) / 10.0)
    X, y = windows(series, 24, 6)
    model = keras.Sequential([keras.Input((24, 1)), layers.GRU(16), layers.Dense(1)])  # BUG
    model.compile(optimizer="adam", loss="mse")
    print(model.output_shape)
    model.fit(X[..., None], y, epochs=1, verbose=0)  # ALT

if __name__ == "__main__":
    main()
