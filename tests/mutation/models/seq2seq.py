"""Translation: a GRU encoder, additive attention, a decoder that runs step by step."""

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn


class Encoder(nn.Module):
    def __init__(self, vocab: int, dim: int, hidden: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.rnn = nn.GRU(dim, hidden, batch_first=True, bidirectional=True)
        self.join = nn.Linear(2 * hidden, hidden)

    def forward(self, source: Int[Tensor, "b s"]) -> tuple[Float[Tensor, "b s two"], Float[Tensor, "b hidden"]]:
        outputs, state = self.rnn(self.embed(source))
        both: Float[Tensor, "b two"] = torch.cat([state[0], state[1]], dim=1)
        return outputs, torch.tanh(self.join(both))


class Additive(nn.Module):
    def __init__(self, query: int, key: int, inner: int) -> None:
        super().__init__()
        self.query = nn.Linear(query, inner)
        self.key = nn.Linear(key, inner)
        self.energy = nn.Linear(inner, 1, bias=False)

    def forward(
        self, query: Float[Tensor, "b q"], keys: Float[Tensor, "b s k"], mask: Bool[Tensor, "b s"]
    ) -> Float[Tensor, "b s"]:
        mixed: Float[Tensor, "b s inner"] = torch.tanh(self.query(query).unsqueeze(1) + self.key(keys))
        energy: Float[Tensor, "b s"] = self.energy(mixed).squeeze(-1)
        return F.softmax(energy.masked_fill(~mask, -1e9), dim=1)


class Decoder(nn.Module):
    def __init__(self, vocab: int, dim: int, hidden: int, memory: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.attention = Additive(hidden, memory, 6)
        self.cell = nn.GRUCell(dim + memory, hidden)
        self.out = nn.Linear(hidden + memory, vocab)

    def step(
        self,
        token: Int[Tensor, "b"],
        state: Float[Tensor, "b hidden"],
        memory: Float[Tensor, "b s m"],
        mask: Bool[Tensor, "b s"],
    ) -> tuple[Float[Tensor, "b vocab"], Float[Tensor, "b hidden"]]:
        weights = self.attention(state, memory, mask)
        context: Float[Tensor, "b m"] = torch.bmm(weights.unsqueeze(1), memory).squeeze(1)
        state = self.cell(torch.cat([self.embed(token), context], dim=-1), state)
        return self.out(torch.cat([state, context], dim=-1)), state


class Translator(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder(23, 5, 8)
        self.decoder = Decoder(29, 7, 8, 16)

    def forward(self, source: Int[Tensor, "b s"], target: Int[Tensor, "b t"]) -> Float[Tensor, "b t vocab"]:
        memory, state = self.encoder(source)
        mask: Bool[Tensor, "b s"] = source != 0
        logits = []
        for i in range(target.shape[1]):
            step, state = self.decoder.step(target[:, i], state, memory, mask)
            logits.append(step)
        return torch.stack(logits, dim=1)


def main() -> None:
    model = Translator()
    source = torch.randint(1, 23, (3, 9))
    target = torch.randint(1, 29, (3, 4))
    logits = model(source, target)
    F.cross_entropy(logits.reshape(-1, 29), target.reshape(-1))
