"""Words that attend to an image: queries from one, keys and values from the other."""

import keras
import numpy as np
from jaxtyping import Float
from keras import layers


class Captioner(keras.Model):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.attention = layers.MultiHeadAttention(num_heads=2, key_dim=16)
        self.norm = layers.LayerNormalization()
        self.head = layers.Dense(100)

    def call(self, inputs):
        words, patches = inputs
        x = self.attention(patches, words, words)
        return self.head(self.norm(words + x))  # BUG


def main() -> None:
    words = np.zeros((2, 5, 32), dtype="float32")
    patches = np.zeros((2, 49, 64), dtype="float32")
    logits: Float[np.ndarray, "B T 100"] = Captioner(32)((words, patches)).numpy()
    print(logits.shape)
