import numpy as np
from tensorflow import keras
from tensorflow.keras import layers


def make_model():
    title = keras.Input(shape=(None,), name="title")
    body = keras.Input(shape=(None,), name="body")
    tags = keras.Input(shape=(12,), name="tags")
    t = layers.LSTM(16)(layers.Embedding(1000, 32)(title))
    b = layers.LSTM(8)(layers.Embedding(1000, 32)(body))
    x = layers.concatenate([t, b, tags])
    priority = layers.Dense(1, name="priority")(x)
    department = layers.Dense(4, name="department")(x)
    return keras.Model([title, body, tags], [priority, department])


def main() -> None:
    model = make_model()
    model.compile(
        optimizer="rmsprop",
        loss={
            "priority": keras.losses.BinaryCrossentropy(from_logits=True),
            "department": keras.losses.CategoricalCrossentropy(from_logits=True),
        },
    )
    n = 32
    titles = np.random.randint(1000, size=(n, 10))
    bodies = np.random.randint(1000, size=(n, 100))
    tags = np.random.randint(2, size=(n, 12)).astype("float32")
    prio = np.random.random(size=(n, 1))
    dept = np.random.randint(2, size=(n, 5))  # BUG
    model.fit(  # ALT
        {"title": titles, "body": bodies, "tags": tags},
        {"priority": prio, "department": dept},  # ALT
        epochs=1,
        batch_size=16,
        verbose=0,
    )
    print(model.count_params())


if __name__ == "__main__":
    main()
