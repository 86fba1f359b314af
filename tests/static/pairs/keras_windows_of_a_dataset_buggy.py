import numpy as np
import tensorflow as tf


def windowed(series, size, batch):
    ds = tf.data.Dataset.from_tensor_slices(series)
    ds = ds.window(size + 1, shift=1, drop_remainder=True)
    ds = ds.flat_map(lambda w: w.batch(size + 1))
    ds = ds.map(lambda w: (w[:-1], w[-1]))
    return ds.batch(batch)


def main() -> None:
    ds = windowed(np.sin(np.arange(100.0)).astype("float32"), 20, 8)
    model = tf.keras.Sequential([
        tf.keras.layers.Input((30,)),  # BUG
        tf.keras.layers.Dense(10, activation="relu"),
        tf.keras.layers.Dense(1),
    ])
    model.compile("sgd", "mse")
    print(model.count_params())
    model.fit(ds.repeat(), steps_per_epoch=2, shuffle=False, verbose=0)  # ALT

if __name__ == "__main__":
    main()
