import numpy as np
from jaxtyping import Float


def project(x: Float[np.ndarray, "n d"], k: int) -> Float[np.ndarray, "n k"]:
    centered = x - x.mean(axis=0)
    _, _, vt = np.linalg.svd(centered, full_matrices=False)
    return centered @ vt[:k]  # BUG


def main() -> None:
    print(project(np.random.rand(20, 6), 3).shape)


if __name__ == "__main__":
    main()
