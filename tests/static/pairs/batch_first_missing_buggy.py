import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


class Tagger(nn.Module):
    def __init__(self, vocab: int, tags: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocab, 64)
        self.lstm = nn.LSTM(64, 128, batch_first=True)
        self.head = nn.Linear(128, tags)

    def forward(self, ids: Int[Tensor, "batch time"], lengths: Int[Tensor, "batch"]) -> Float[Tensor, "batch tags"]:
        out, (h, _) = nn.LSTM(64, 128)(self.embed(ids))
        return self.head(h[-1])  # BUG


def main() -> None:
    print(Tagger(100, 7)(torch.randint(0, 100, (4, 9)), torch.full((4,), 9)).shape)


if __name__ == "__main__":
    main()
