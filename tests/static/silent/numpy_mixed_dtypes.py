"""NumPy and Keras promote where torch asks for one dtype."""

import keras
import numpy as np


def products() -> list[tuple[int, ...]]:
    counts, weights = np.ones((2, 3), dtype=np.int64), np.zeros((3, 4), dtype=np.float32)
    table = np.einsum("ij,jk->ik", counts, weights)
    found = [table, counts @ weights, np.dot(counts, weights), np.tensordot(counts, weights, 1)]
    found.append(np.asarray(keras.ops.einsum("ij,jk->ik", counts, weights)))
    return [x.reshape(8).shape for x in found]


def shares() -> float:
    counts = np.arange(6).reshape(2, 3)
    return float((counts > 2).mean() + np.sum(counts > 1) + (counts > 4).argmax() + np.std(counts))


def main() -> None:
    print(products(), shares())


if __name__ == "__main__":
    main()
