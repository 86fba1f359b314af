"""Several inputs and several outputs: which department a ticket goes to, and how soon."""

import keras
import numpy as np
from keras import layers

num_tags = 12
num_words = 1000
num_departments = 4

title_input = keras.Input(shape=(None,), name="title")
body_input = keras.Input(shape=(None,), name="body")
tags_input = keras.Input(shape=(num_tags,), name="tags")

title_features = layers.Embedding(num_words, 64)(title_input)
body_features = layers.Embedding(num_words, 64)(body_input)
title_features = layers.LSTM(128)(title_features)
body_features = layers.LSTM(32)(body_features)

x = layers.concatenate([title_features, body_features, tags_input])
priority_pred = layers.Dense(1, name="priority")(x)
department_pred = layers.Dense(num_departments, name="department")(x)

model = keras.Model(
    inputs=[title_input, body_input, tags_input],
    outputs={"priority": priority_pred, "department": department_pred},
)


def main() -> None:
    model.compile(
        optimizer=keras.optimizers.RMSprop(1e-3),
        loss={
            "priority": keras.losses.BinaryCrossentropy(from_logits=True),
            "department": keras.losses.CategoricalCrossentropy(from_logits=True),
        },
    )
    title = np.random.randint(num_words, size=(8, 12))
    body = np.random.randint(num_words, size=(8, 20))
    tags = np.random.randint(2, size=(8, num_tags)).astype("float32")
    targets = {
        "priority": np.random.random(size=(8, 1)),
        "department": np.random.randint(2, size=(8, num_departments)),
    }
    model.fit({"title": title, "body": body, "tags": tags}, targets, epochs=1, batch_size=4, verbose=0)
    found = model([title, body, tags])
    print(found["priority"].shape, found["department"].shape)
