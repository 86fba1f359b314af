# "What shape mismatch is causing the ValueError in my sequential model?"
# Example 1. From convolutions to a Dense without Flatten.
# The text says that Keras raises here. It does not: Dense maps the last axis, and the result is `(1, 5, 5, 10)`.
# Only against what the result is declared to be is it a mistake.

import keras
from keras import layers
from tensorflow import Tensor

from shapetypes import Float, shapecheck

model = keras.Sequential(
    [
        layers.Conv2D(32, (3, 3), activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Conv2D(64, (3, 3), activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Dense(10, activation="softmax"),
    ]
)


@shapecheck
def classify(image: Float[Tensor, "B 28 28 1"]) -> Float[Tensor, "B 10"]:
    scores: Float[Tensor, "B 10"] = model(image)  # BUG: rank-mismatch, also at run time
    return scores


def main() -> None:
    print(classify(keras.random.normal((1, 28, 28, 1))).shape)


if __name__ == "__main__":
    main()
