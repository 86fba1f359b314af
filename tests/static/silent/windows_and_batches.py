import numpy as np
import torch
from torch import Tensor, nn


def uneven(x: Tensor) -> list[Tensor]:
    """The last batch has fewer rows."""
    return [x[s : s + 16] for s in range(0, 100, 16)]


def overlapping(series: np.ndarray, n: int) -> list[np.ndarray]:
    return [series[i : i + n] for i in range(len(series))]


def outwards(x: Tensor, reach: int = 2) -> list[Tensor]:
    """Windows around each step are cut at both ends."""
    return [x[max(i - reach, 0) : i + reach + 1] for i in range(x.shape[0])]


def steps_back(x: Tensor) -> Tensor:
    total = torch.zeros(3)
    for i in range(4, -1, -1):
        total = total + x[i : i + 3].sum(0)
    return total


def main() -> None:
    model = nn.Linear(5, 3)
    x, y = torch.randn(100, 5), torch.randn(100, 3)
    out = torch.cat([model(part) for part in uneven(x)])
    print((out - y).pow(2).mean().shape)
    for s in range(0, 100, 20):
        part = model(x[s : s + 20])
        print((part - y[s : s + 20]).shape)
    for part in overlapping(np.arange(10.0), 4):
        print(part.sum())
    print(len(outwards(torch.randn(6, 2))), steps_back(torch.randn(8, 3)).shape)
    starts = torch.randint(0, 90, (4,))
    print(torch.stack([x[i : i + 8] for i in starts]).shape)


if __name__ == "__main__":
    main()
