"""A decoder-only transformer: fused qkv, causal mask, tied shapes through a config."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn


@dataclass
class Config:
    vocab: int = 29
    context: int = 11
    width: int = 12
    heads: int = 3
    layers: int = 2


class Attention(nn.Module):
    def __init__(self, cfg: Config) -> None:
        super().__init__()
        self.heads = cfg.heads
        self.width = cfg.width
        self.qkv = nn.Linear(cfg.width, 3 * cfg.width)
        self.out = nn.Linear(cfg.width, cfg.width)
        self.register_buffer("mask", torch.tril(torch.ones(cfg.context, cfg.context)))

    def forward(self, x: Float[Tensor, "b t d"]) -> Float[Tensor, "b t d"]:
        b, t, d = x.shape
        q, k, v = self.qkv(x).split(self.width, dim=2)
        q = q.view(b, t, self.heads, d // self.heads).transpose(1, 2)
        k = k.view(b, t, self.heads, d // self.heads).transpose(1, 2)
        v = v.view(b, t, self.heads, d // self.heads).transpose(1, 2)
        scores: Float[Tensor, "b n t t"] = q @ k.transpose(-2, -1) * k.size(-1) ** -0.5
        scores = scores.masked_fill(self.mask[:t, :t] == 0, float("-inf"))
        mixed = F.softmax(scores, dim=-1) @ v
        mixed = mixed.transpose(1, 2).contiguous().view(b, t, d)
        return self.out(mixed)


class Block(nn.Module):
    def __init__(self, cfg: Config) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(cfg.width)
        self.attention = Attention(cfg)
        self.norm2 = nn.LayerNorm(cfg.width)
        self.mlp = nn.Sequential(nn.Linear(cfg.width, 4 * cfg.width), nn.GELU(), nn.Linear(4 * cfg.width, cfg.width))

    def forward(self, x: Float[Tensor, "b t d"]) -> Float[Tensor, "b t d"]:
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class GPT(nn.Module):
    def __init__(self, cfg: Config) -> None:
        super().__init__()
        self.tokens = nn.Embedding(cfg.vocab, cfg.width)
        self.positions = nn.Embedding(cfg.context, cfg.width)
        self.blocks = nn.ModuleList([Block(cfg) for _ in range(cfg.layers)])
        self.norm = nn.LayerNorm(cfg.width)
        self.head = nn.Linear(cfg.width, cfg.vocab, bias=False)

    def forward(self, ids: Int[Tensor, "b t"]) -> Float[Tensor, "b t vocab"]:
        b, t = ids.shape
        place: Int[Tensor, "t"] = torch.arange(t)
        x: Float[Tensor, "b t d"] = self.tokens(ids) + self.positions(place)
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))


def loss_of(logits: Float[Tensor, "b t vocab"], targets: Int[Tensor, "b t"]) -> Float[Tensor, ""]:
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def last(logits: Float[Tensor, "b t vocab"]) -> Int[Tensor, "b 1"]:
    return logits[:, -1, :].argmax(dim=-1, keepdim=True)


def main() -> None:
    cfg = Config()
    model = GPT(cfg)
    ids = torch.randint(0, 29, (2, 7))
    logits = model(ids)
    loss_of(logits, ids)
    longer = torch.cat([ids, last(logits)], dim=1)
    model(longer)
