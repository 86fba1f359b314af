"""Speech: strided convolutions over time, a bidirectional GRU over packed sequences, CTC, a beam of one."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class Subsample(nn.Module):
    def __init__(self, mels: int, channels: int, out: int) -> None:
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, channels, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, stride=2, padding=1),
            nn.ReLU(),
        )
        self.out = nn.Linear(channels * (mels // 4), out)

    def forward(
        self, x: Float[Tensor, "b t mels"], lengths: Int[Tensor, "b"]
    ) -> tuple[Float[Tensor, "b s out"], Int[Tensor, "b"]]:
        x = self.conv(x.unsqueeze(1))
        b, c, s, f = x.shape
        x = self.out(x.transpose(1, 2).contiguous().view(b, s, c * f))
        return x, (lengths + 3) // 4


class Recogniser(nn.Module):
    def __init__(self, mels: int, hidden: int, vocab: int, layers: int = 2) -> None:
        super().__init__()
        self.subsample = Subsample(mels, 4, hidden)
        self.norm = nn.LayerNorm(hidden)
        self.gru = nn.GRU(hidden, hidden, num_layers=layers, batch_first=True, bidirectional=True)
        self.classifier = nn.Linear(2 * hidden, vocab)
        self.lookahead = nn.Conv1d(2 * hidden, 2 * hidden, kernel_size=5, padding=2, groups=2 * hidden)

    def forward(
        self, x: Float[Tensor, "b t mels"], lengths: Int[Tensor, "b"]
    ) -> tuple[Float[Tensor, "s b vocab"], Int[Tensor, "b"]]:
        h, lengths = self.subsample(x, lengths)
        h = self.norm(h)
        out, _ = self.gru(h)
        mask: Bool[Tensor, "b s"] = padding(lengths, out.size(1))
        out = out.masked_fill(mask.unsqueeze(-1), 0.0)
        ahead = self.lookahead(out.transpose(1, 2)).transpose(1, 2)
        logits: Float[Tensor, "b s vocab"] = self.classifier(out + ahead)
        return logits.log_softmax(dim=-1).transpose(0, 1), lengths


class Speaker(nn.Module):
    def __init__(self, mels: int, hidden: int, size: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(mels, hidden, num_layers=2)
        self.attend = nn.Linear(hidden, 1)
        self.out = nn.Linear(hidden * 2, size)

    def forward(self, x: Float[Tensor, "b t mels"], lengths: Int[Tensor, "b"]) -> Float[Tensor, "b size"]:
        packed = pack_padded_sequence(x.transpose(0, 1), lengths, enforce_sorted=False)
        states, (last, _) = self.lstm(packed)
        padded, _ = pad_packed_sequence(states)
        weight: Float[Tensor, "t b 1"] = self.attend(padded).softmax(dim=0)
        level: Float[Tensor, "b 1"] = x.mean(dim=(1, 2)).unsqueeze(-1)
        pooled: Float[Tensor, "b hidden"] = (padded * weight).sum(dim=0) * level
        return F.normalize(self.out(torch.cat([pooled, last[-1]], dim=-1)), dim=-1)


def padding(lengths: Int[Tensor, "b"], longest: int) -> Bool[Tensor, "b longest"]:
    return torch.arange(longest)[None, :] >= lengths[:, None]


def greedy(logs: Float[Tensor, "s b vocab"], lengths: Int[Tensor, "b"]) -> list[list[int]]:
    best: Int[Tensor, "b s"] = logs.argmax(dim=-1).t()
    found = []
    for row, n in zip(best, lengths.tolist()):
        row = row[:n]
        keep = row != 0
        keep[1:] &= row[1:] != row[:-1]
        found.append(row[keep].tolist())
    return found


def deltas(x: Float[Tensor, "b t mels"]) -> Float[Tensor, "b t 3*mels"]:
    padded: Float[Tensor, "b t+2 mels"] = F.pad(x, (0, 0, 1, 1))
    first: Float[Tensor, "b t mels"] = (padded[:, 2:] - padded[:, :-2]) / 2
    second: Float[Tensor, "b t mels"] = padded[:, 2:] - 2 * x + padded[:, :-2]
    return torch.cat((x, first, second), dim=2)


def similarity(a: Float[Tensor, "b size"], b: Float[Tensor, "b size"]) -> Float[Tensor, "b b"]:
    return a @ b.T / 0.07


def main() -> None:
    x = torch.randn(3, 21, 8)
    lengths = torch.tensor([21, 17, 9])
    model = Recogniser(24, 10, 13)
    logs, sizes = model(deltas(x), lengths)
    targets = torch.randint(1, 13, (3, 2))
    F.ctc_loss(logs, targets, sizes, torch.full((3,), 2))
    greedy(logs, sizes)
    speaker = Speaker(8, 6, 5)
    similarity(speaker(x, lengths), speaker(x.flip(0), lengths.flip(0)))
