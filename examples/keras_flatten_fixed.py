# "What shape mismatch is causing the ValueError in my sequential model?"
# Example 1. Flatten before the Dense.
# The text says (example 2) that the first layer needs an `input_shape`. It does not.

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
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)


@shapecheck
def classify(image: Float[Tensor, "B 28 28 1"]) -> Float[Tensor, "B 10"]:
    scores: Float[Tensor, "B 10"] = model(image)
    return scores


def main() -> None:
    print(classify(keras.random.normal((1, 28, 28, 1))).shape)


if __name__ == "__main__":
    main()
