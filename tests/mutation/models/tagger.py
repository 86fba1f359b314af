"""A sequence tagger: characters by convolution, words by a bidirectional LSTM, a linear-chain score."""

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn


class Characters(nn.Module):
    def __init__(self, symbols: int, dim: int, filters: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(symbols, dim)
        self.conv = nn.Conv1d(dim, filters, kernel_size=3, padding=1)

    def forward(self, chars: Int[Tensor, "b t l"]) -> Float[Tensor, "b t filters"]:
        b, t, l = chars.shape
        flat: Float[Tensor, "b*t l dim"] = self.embed(chars.view(b * t, l))
        features: Float[Tensor, "b*t filters l"] = torch.relu(self.conv(flat.transpose(1, 2)))
        pooled: Float[Tensor, "b*t filters"] = features.max(dim=2).values
        return pooled.view(b, t, -1)


class Tagger(nn.Module):
    def __init__(self, vocab: int, dim: int, hidden: int, tags: int) -> None:
        super().__init__()
        self.words = nn.Embedding(vocab, dim)
        self.characters = Characters(17, 5, 6)
        self.lstm = nn.LSTM(dim + 6, hidden, num_layers=2, batch_first=True, bidirectional=True)
        self.project = nn.Linear(2 * hidden, tags)
        self.transitions = nn.Parameter(torch.zeros(tags, tags))

    def forward(self, words: Int[Tensor, "b t"], chars: Int[Tensor, "b t l"]) -> Float[Tensor, "b t tags"]:
        both = torch.cat([self.words(words), self.characters(chars)], dim=-1)
        states: Float[Tensor, "b t two_hidden"]
        states, (h, c) = self.lstm(both)
        last: Float[Tensor, "b two_hidden"] = torch.cat([h[-2], h[-1]], dim=-1)
        return self.project(states + last.unsqueeze(1))

    def score(self, emissions: Float[Tensor, "b t tags"], tags: Int[Tensor, "b t"]) -> Float[Tensor, "b"]:
        own: Float[Tensor, "b t"] = emissions.gather(2, tags.unsqueeze(2)).squeeze(2)
        steps: Float[Tensor, "b t-1"] = self.transitions[tags[:, :-1], tags[:, 1:]]
        return own.sum(dim=1) + steps.sum(dim=1)

    def partition(self, emissions: Float[Tensor, "b t tags"]) -> Float[Tensor, "b"]:
        alpha: Float[Tensor, "b tags"] = emissions[:, 0]
        for i in range(1, emissions.shape[1]):
            scores = alpha.unsqueeze(2) + self.transitions.unsqueeze(0) + emissions[:, i].unsqueeze(1)
            alpha = torch.logsumexp(scores, dim=1)
        return alpha.logsumexp(dim=1)


def masked_loss(
    logits: Float[Tensor, "b t tags"], tags: Int[Tensor, "b t"], mask: Bool[Tensor, "b t"]
) -> Float[Tensor, ""]:
    losses: Float[Tensor, "b t"] = F.cross_entropy(logits.transpose(1, 2), tags, reduction="none")
    kept = losses * mask.float()
    return kept.sum() / mask.sum()


def main() -> None:
    model = Tagger(31, 9, 8, 4)
    words = torch.randint(0, 31, (3, 7))
    chars = torch.randint(0, 17, (3, 7, 8))
    tags = torch.randint(0, 4, (3, 7))
    logits = model(words, chars)
    model.partition(logits) - model.score(logits, tags)
    masked_loss(logits, tags, tags > 0)
