# "What shape mismatch is causing the ValueError in my sequential model?"
# Example 3. 50 features, any number of steps.

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
    print(classify(keras.random.normal((2, 10, 50))).shape)


if __name__ == "__main__":
    main()
