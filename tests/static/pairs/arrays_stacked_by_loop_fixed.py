import numpy as np
import torch
from torch import nn


def spectra(signal: np.ndarray, count: int) -> np.ndarray:
    rows = []
    for i in range(count):
        frame = np.zeros(40)
        rows.append(frame * i)
    return np.stack(rows)


def main(count: int = 30) -> None:
    x = torch.from_numpy(spectra(np.random.rand(1000), count)).float()
    print(nn.Linear(40, 3)(x).shape)


if __name__ == "__main__":
    main()
