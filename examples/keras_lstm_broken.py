# "What shape mismatch is causing the ValueError in my sequential model?"
# Example 3. An LSTM built for 50 features gets 49.
# The text says that it also needs its `input_shape`, and the same number of steps each time. It needs neither.

import keras
from keras import layers
from tensorflow import Tensor

from shapetypes import Float, shapecheck

model = keras.Sequential(
    [
        layers.LSTM(128),
        layers.Dense(10, activation="softmax"),
    ]
)


@shapecheck
def classify(sequence: Float[Tensor, "B T 50"]) -> Float[Tensor, "B 10"]:
    return model(sequence)


def main() -> None:
    print(classify(keras.random.normal((1, 10, 50))).shape)
    print(classify(keras.random.normal((1, 12, 50))).shape)
    print(classify(keras.random.normal((1, 10, 49))).shape)  # BUG: dim-mismatch, also at run time


if __name__ == "__main__":
    main()
