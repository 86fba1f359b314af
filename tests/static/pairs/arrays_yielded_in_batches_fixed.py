import numpy as np
import torch
from torch import nn


def batches(x: np.ndarray, y: np.ndarray, size: int):
    order = np.random.permutation(len(x))
    for i in range(0, len(x), size):
        rows = order[i : i + size]
        yield torch.from_numpy(x[rows]), torch.from_numpy(y[rows])


def main() -> None:
    x = np.random.rand(60, 10).astype("float32")
    y = np.random.randint(0, 3, size=(60,))
    model = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 3))
    for features, labels in batches(x, y, 20):
        loss = nn.functional.cross_entropy(model(features), labels)
        print(loss.shape)


if __name__ == "__main__":
    main()
