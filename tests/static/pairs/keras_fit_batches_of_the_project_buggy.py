import numpy as np
from tensorflow import keras
from tensorflow.keras import layers


class Batches(keras.utils.PyDataset):
    def __init__(self, n, batch, **kw):
        super().__init__(**kw)
        self.n, self.batch = n, batch

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        x = np.random.rand(self.batch, 10, 4)
        y = np.random.randint(0, 3, (self.batch,))
        return x, y


def main() -> None:
    model = keras.Sequential(
        [
            layers.Input((10, 4)),
            layers.LSTM(8, return_sequences=True),  # BUG
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    print(model.count_params())
    model.fit(Batches(3, 6), epochs=1, verbose=0)  # ALT


if __name__ == "__main__":
    main()
