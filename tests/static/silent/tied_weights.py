"""A layer computes with the weight that it was given last."""

import torch
from torch import Tensor, nn


class Tied(nn.Module):
    def __init__(self, vocab: int, width: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocab, width)
        self.head = nn.Linear(vocab, width, bias=False)
        self.head.weight = self.embed.weight

    def forward(self, ids: Tensor) -> Tensor:
        return self.head(self.embed(ids))


def main() -> None:
    print(Tied(11, 4)(torch.zeros(2, 3, dtype=torch.long)).shape)


if __name__ == "__main__":
    main()
