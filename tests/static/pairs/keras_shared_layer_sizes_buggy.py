"""One embedding of features for two inputs: it is built for the first of them."""

import keras
import numpy as np
from keras import layers


def main() -> None:
    shared = layers.Dense(16)
    question = shared(np.zeros((2, 10)))
    answer = shared(np.zeros((2, 12)))  # BUG
    print(layers.Add()([question, answer]).shape)
