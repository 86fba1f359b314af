"""Datasets and loaders, and layers of another dtype than the default."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, TensorDataset, random_split


class Windows(Dataset[dict[str, Tensor]]):
    def __init__(self, series: Tensor, length: int) -> None:
        self.series, self.length = series, length

    def __len__(self) -> int:
        return len(self.series) - self.length

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        end = index + self.length
        return {"past": self.series[index:end], "next": self.series[end]}


class Texts(Dataset[tuple[list[int], int]]):
    def __len__(self) -> int:
        return 5

    def __getitem__(self, index: int) -> tuple[list[int], int]:
        return list(range(index + 1)), index % 2


def pad(batch: list[tuple[list[int], int]]) -> tuple[Tensor, Tensor]:
    rows = nn.utils.rnn.pad_sequence([torch.tensor(t) for t, _ in batch], batch_first=True)
    return rows, torch.tensor([label for _, label in batch])


def regression() -> None:
    x = torch.from_numpy(np.random.randn(50, 4).astype("float32"))
    train, test = random_split(TensorDataset(x, x.sum(1)), [40, 10])
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
    for _ in range(2):
        for features, target in DataLoader(train, batch_size=16, shuffle=True):
            nn.functional.mse_loss(model(features).squeeze(-1), target).backward()
    features, target = next(iter(DataLoader(test, batch_size=len(test))))
    print((model(features)[:, 0] - target).abs().mean().ndim)


def windows() -> None:
    model = nn.LSTM(3, 3, batch_first=True)
    for batch in DataLoader(Windows(torch.randn(40, 3), 8), batch_size=6, drop_last=True):
        out, _ = model(batch["past"])
        nn.functional.mse_loss(out[:, -1], batch["next"])


def texts() -> None:
    embedding = nn.Embedding(10, 4)
    for rows, labels in DataLoader(Texts(), batch_size=2, collate_fn=pad):
        nn.functional.cross_entropy(embedding(rows).mean(1), labels)


def double() -> None:
    x = torch.randn(3, 4, dtype=torch.float64)
    print(nn.Linear(4, 2).double()(x).dtype, nn.Linear(4, 2, dtype=torch.float64)(x).dtype)
    model = nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 1))
    model.to(x.dtype)
    print(model(x).shape)


def main() -> None:
    regression()
    windows()
    texts()
    double()


if __name__ == "__main__":
    main()
