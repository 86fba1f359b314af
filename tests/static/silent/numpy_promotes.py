import numpy as np
from jaxtyping import Float


def rotated(points: Float[np.ndarray, "n 3"]) -> Float[np.ndarray, "n 3"]:
    turn = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 1]])
    return points @ (turn @ np.eye(3))


def main() -> None:
    print(rotated(np.zeros((5, 3))).shape)


if __name__ == "__main__":
    main()
