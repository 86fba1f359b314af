import numpy as np
from jaxtyping import Float


def standardise(x: Float[np.ndarray, "n f"]) -> Float[np.ndarray, "n f"]:
    mean = np.mean(x, axis=0)
    spread = np.std(x, axis=0, keepdims=True)
    return (x - mean) / spread


def gram(x: Float[np.ndarray, "n f"]) -> Float[np.ndarray, "f f"]:
    y = standardise(x)
    return np.matmul(y.T, y)


def main() -> None:
    print(gram(np.random.rand(5, 3)).shape)


if __name__ == "__main__":
    main()
