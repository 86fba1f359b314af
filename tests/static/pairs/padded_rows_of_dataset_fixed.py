import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Dataset


class Recordings(Dataset[Tensor]):
    def __init__(self, count: int) -> None:
        self.rows = [torch.randn(20 + i, 12) for i in range(count)]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> Tensor:
        return self.rows[index]


def collate(rows: list[Tensor]) -> Tensor:
    return pad_sequence(rows, batch_first=True)


def main() -> None:
    model = nn.Linear(12, 8)
    for batch in DataLoader(Recordings(6), batch_size=2, collate_fn=collate):
        print(model(batch).shape)


if __name__ == "__main__":
    main()
