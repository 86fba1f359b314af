"""NumPy arrays stay NumPy's when they are taken apart, put together, or of unknown rank."""

import numpy as np


def invert(x: np.ndarray) -> np.ndarray:
    return np.array([1 / (1 + v) for v in x])


class Schedule:
    def __init__(self, ends: list[int], cooldown: int) -> None:
        self.starts = np.array([int(end) for end in ends])
        self.ends = np.array([start + cooldown for start in self.starts])

    def stage(self, epoch: int) -> int:
        return int((self.ends > epoch).argmax())


def covered(scores: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    share = sum(labels == 0) / (sum(labels == 0) + sum(labels == 1))
    rejected = scores * share < 0.5
    rows = np.squeeze(np.stack([row for row in scores[:, None]]))
    return float((rejected == 0).mean()), float((rows[0] > 0).mean() + (next(iter(rows)) > 0).mean())


def main() -> None:
    scores = np.linspace(0, 1, 8)
    print(covered(scores, (scores > 0.5).astype(int)), Schedule([1, 3], 2).stage(4), invert(scores).shape)


if __name__ == "__main__":
    main()
