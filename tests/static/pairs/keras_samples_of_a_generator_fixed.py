import numpy as np
import tensorflow as tf


def gen():
    for _ in range(20):
        yield np.random.rand(16, 3).astype("float32"), np.random.randint(0, 4)


def main() -> None:
    ds = tf.data.Dataset.from_generator(gen, output_signature=(tf.TensorSpec((16, 3), tf.float32), tf.TensorSpec((), tf.int32))).batch(5)
    model = tf.keras.Sequential([
        tf.keras.layers.Input((16, 3)),
        tf.keras.layers.Conv1D(8, 3, activation="relu"),
        tf.keras.layers.Flatten(), tf.keras.layers.Dense(4, activation="softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy")
    print(model.count_params())
    model.fit(ds.repeat(), steps_per_epoch=2, shuffle=False, verbose=0)

if __name__ == "__main__":
    main()
