"""A decoder with grouped queries, rotary positions and a key-value cache: one token, then the next."""

import math
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

Past = tuple[Float[Tensor, "b g past e"], Float[Tensor, "b g past e"]]
Kept = tuple[Float[Tensor, "b g s e"], Float[Tensor, "b g s e"]]


@dataclass(frozen=True)
class AttentionConfig:
    heads: int = 6
    groups: int = 2
    each: int = 4


@dataclass(frozen=True)
class Config:
    vocab: int = 31
    width: int = 14
    layers: int = 2
    context: int = 16
    attention: AttentionConfig = field(default_factory=AttentionConfig)

    @property
    def hidden(self) -> int:
        return 4 * self.width


class RMSNorm(nn.Module):
    def __init__(self, width: int, eps: float = 1e-6) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Float[Tensor, "*b width"]) -> Float[Tensor, "*b width"]:
        return x * torch.rsqrt(x.pow(2).mean(dim=-1, keepdim=True) + self.eps) * self.weight


def rotate(x: Float[Tensor, "b k s e"], angles: Float[Tensor, "s half"]) -> Float[Tensor, "b k s e"]:
    left, right = x.chunk(2, dim=-1)
    cos, sin = angles.cos(), angles.sin()
    return torch.cat([left * cos - right * sin, left * sin + right * cos], dim=-1)


class Attention(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        cfg = config.attention
        self.heads, self.groups, self.each = cfg.heads, cfg.groups, cfg.each
        self.q_proj = nn.Linear(config.width, cfg.heads * cfg.each, bias=False)
        self.k_proj = nn.Linear(config.width, cfg.groups * cfg.each, bias=False)
        self.v_proj = nn.Linear(config.width, cfg.groups * cfg.each, bias=False)
        self.o_proj = nn.Linear(cfg.heads * cfg.each, config.width, bias=False)
        rates = 1.0 / (100 ** (torch.arange(0, cfg.each, 2) / cfg.each))
        self.register_buffer("angles", torch.outer(torch.arange(config.context), rates), persistent=False)

    def forward(
        self, x: Float[Tensor, "b t width"], start: int = 0, cache: Past | None = None
    ) -> tuple[Float[Tensor, "b t width"], Kept]:
        b, t, _ = x.shape
        q: Float[Tensor, "b heads t e"] = self.q_proj(x).view(b, t, self.heads, self.each).transpose(1, 2)
        k: Float[Tensor, "b g t e"] = self.k_proj(x).view(b, t, self.groups, self.each).transpose(1, 2)
        v = self.v_proj(x).view(b, t, self.groups, self.each).transpose(1, 2)
        angles = self.angles[start : start + t]
        q, k = rotate(q, angles), rotate(k, angles)
        if cache is not None:
            k = torch.cat([cache[0], k], dim=2)
            v = torch.cat([cache[1], v], dim=2)
        times = self.heads // self.groups
        keys = k.repeat_interleave(times, dim=1)
        values = v.repeat_interleave(times, dim=1)
        scores: Float[Tensor, "b heads t s"] = q @ keys.transpose(-2, -1) / math.sqrt(self.each)
        hidden: Bool[Tensor, "t s"] = torch.ones(t, keys.shape[2], dtype=torch.bool).triu(1 + start)
        share = scores.masked_fill(hidden, float("-inf")).softmax(dim=-1)
        mixed: Float[Tensor, "b heads t e"] = share @ values
        return self.o_proj(mixed.transpose(1, 2).flatten(2)), (k, v)


class SwiGLU(nn.Module):
    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.up = nn.Linear(width, 2 * hidden)
        self.down = nn.Linear(hidden, width)

    def forward(self, x: Float[Tensor, "b t width"]) -> Float[Tensor, "b t width"]:
        gate, value = self.up(x).chunk(2, dim=-1)
        return self.down(F.silu(gate) * value)


class Block(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.norms = nn.ModuleList(RMSNorm(config.width) for _ in range(2))
        self.attention = Attention(config)
        self.mlp = SwiGLU(config.width, config.hidden)

    def forward(
        self, x: Float[Tensor, "b t width"], start: int, cache: Past | None
    ) -> tuple[Float[Tensor, "b t width"], Kept]:
        mixed, cache = self.attention(self.norms[0](x), start, cache)
        x = x + mixed
        return x + self.mlp(self.norms[1](x)), cache


class Decoder(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.embed = nn.Embedding(config.vocab, config.width)
        self.blocks = nn.ModuleList([Block(config) for _ in range(config.layers)])
        self.norm = RMSNorm(config.width)
        self.lm_head = nn.Linear(config.width, config.vocab, bias=False)
        self.lm_head.weight = self.embed.weight

    def forward(
        self, ids: Int[Tensor, "b t"], start: int = 0, caches: list[Past] | None = None
    ) -> tuple[Float[Tensor, "b t vocab"], list[Kept]]:
        x: Float[Tensor, "b t width"] = self.embed(ids)
        new = []
        for i, block in enumerate(self.blocks):
            x, kept = block(x, start, caches[i] if caches is not None else None)
            new.append(kept)
        return self.lm_head(self.norm(x)), new

    def following(self, ids: Int[Tensor, "b t"]) -> Int[Tensor, "b 1"]:
        logits, caches = self(ids)
        last: Float[Tensor, "b vocab"] = logits[:, -1, :]
        top, _ = last.topk(5, dim=-1)
        last = last.masked_fill(last < top[:, -1:], float("-inf"))
        token: Int[Tensor, "b 1"] = torch.multinomial(last.softmax(dim=-1), num_samples=1)
        logits, _ = self(token, ids.shape[1], caches)
        return logits[:, -1].argmax(dim=-1, keepdim=True)


def loss_of(logits: Float[Tensor, "b t vocab"], ids: Int[Tensor, "b t"]) -> Float[Tensor, ""]:
    each: Float[Tensor, "b t-1"] = F.cross_entropy(logits[:, :-1].transpose(1, 2), ids[:, 1:], reduction="none")
    return each.mean()


def main() -> None:
    model = Decoder(Config())
    ids = torch.randint(0, 31, (3, 7))
    logits, _ = model(ids)
    loss_of(logits, ids)
    model.following(ids)
