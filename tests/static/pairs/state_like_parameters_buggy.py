import torch
from torch import Tensor, nn


class Reader(nn.Module):
    def __init__(self, vocab: int, width: int, layers: int) -> None:
        super().__init__()
        self.width, self.layers = width, layers
        self.embedding = nn.Embedding(vocab, width)
        self.lstm = nn.LSTM(width, width, layers, batch_first=True)

    def forward(self, x: Tensor, state: tuple[Tensor, Tensor]) -> Tensor:
        out, _ = self.lstm(self.embedding(x), state)  # ALT
        return out

    def start(self, batch: int) -> tuple[Tensor, Tensor]:
        weight = next(self.parameters()).data
        return weight.new_zeros(self.layers, batch, self.width), weight.new_zeros(self.layers, batch, self.width)


def main() -> None:
    reader = Reader(100, 16, 2)
    state = reader.start(50)  # BUG
    print(reader(torch.randint(0, 100, (20, 30)), state).shape)  # ALT


if __name__ == "__main__":
    main()
