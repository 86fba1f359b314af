import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


class Tagger(nn.Module):
    def __init__(self, words: int, width: int, tags: int):
        super().__init__()
        self.embed = nn.Embedding(words, width)
        self.weight = nn.Parameter(torch.FloatTensor(width, tags))
        self.bias = nn.Parameter(torch.Tensor(tags))
        nn.init.xavier_uniform_(self.weight)
        nn.init.zeros_(self.bias)

    def forward(self, ids: Int[Tensor, "t"]) -> Float[Tensor, "t tags"]:
        return torch.addmm(self.bias, self.embed(ids), self.weight)


def batch(texts: list[str]) -> list[list[int]]:
    return [[ord(c) % 50 for c in text] for text in texts]


def train(model: Tagger, text: str, labels: list[int]) -> Tensor:
    ids = torch.LongTensor([ord(c) % 50 for c in text])
    logits = model(ids.unsqueeze(0))  # BUG
    return nn.functional.cross_entropy(logits.squeeze(0), torch.tensor(labels))


def main() -> None:
    print(train(Tagger(50, 8, 4), "abcd", [0, 1, 2, 3]).shape)
