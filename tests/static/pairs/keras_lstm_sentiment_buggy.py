"""Sentiment of sentences: an LSTM that gives one vector for each of them."""

import keras
import numpy as np
from jaxtyping import Float, Int
from keras import layers
from keras import KerasTensor as Tensor


class Sentiment(keras.Model):
    def __init__(self, vocabulary: int, width: int) -> None:
        super().__init__()
        self.embed = layers.Embedding(vocabulary, width)
        self.lstm = layers.LSTM(64, return_sequences=True)
        self.head = layers.Dense(1, activation="sigmoid")

    def call(self, tokens):
        x = self.embed(tokens)
        x = self.lstm(x)
        return self.head(x)


def main() -> None:
    model = Sentiment(1000, 32)
    tokens = np.ones((4, 20), dtype="int32")
    scores: Float[np.ndarray, "B 1"] = model.predict(tokens, verbose=0)  # BUG
    print(scores.shape)
