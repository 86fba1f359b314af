import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


class Tagger(nn.Module):
    def __init__(self, vocab: int, tags: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocab, 32)
        self.lstm = nn.LSTM(32, 48, batch_first=True, bidirectional=True)
        self.head = nn.Linear(48, tags)

    def forward(self, ids: Int[Tensor, "batch time"]) -> Float[Tensor, "batch time tags"]:
        hidden, _ = self.lstm(self.embed(ids))
        return self.head(hidden)  # BUG


def main() -> None:
    print(Tagger(100, 9)(torch.randint(0, 100, (4, 6))).shape)


if __name__ == "__main__":
    main()
