"""Diffusion: a config, lists of stages, attention over pixels with einops, a noise schedule in buffers."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from einops import rearrange, repeat
from jaxtyping import Float, Int
from torch import Tensor, nn


@dataclass
class Config:
    channels: int = 2
    width: int = 6
    time: int = 10
    classes: int = 4
    heads: int = 3
    steps: int = 9


class TimeEmbedding(nn.Module):
    def __init__(self, cfg: Config) -> None:
        super().__init__()
        self.half = cfg.time // 2
        self.net = nn.Sequential(nn.Linear(cfg.time, cfg.time * 2), nn.SiLU(), nn.Linear(cfg.time * 2, cfg.time))
        self.label = nn.Embedding(cfg.classes, cfg.time)

    def forward(self, t: Int[Tensor, "b"], label: Int[Tensor, "b"] | None = None) -> Float[Tensor, "b time"]:
        rates = torch.exp(torch.linspace(0.0, -5.0, self.half))
        angles: Float[Tensor, "b half"] = t.float().unsqueeze(1) * rates.unsqueeze(0)
        out: Float[Tensor, "b time"] = self.net(torch.cat((angles.sin(), angles.cos()), dim=1))
        if label is not None:
            out = out + self.label(label)
        return out


class Residual(nn.Module):
    def __init__(self, cin: int, cout: int, time: int) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.GroupNorm(2, cin), nn.SiLU(), nn.Conv2d(cin, cout, 3, padding=1))
        self.second = nn.Sequential(nn.GroupNorm(2, cout), nn.SiLU(), nn.Conv2d(cout, cout, 3, padding=1))
        self.shift = nn.Linear(time, 2 * cout)
        self.skip = nn.Identity() if cin == cout else nn.Conv2d(cin, cout, 1)

    def forward(self, x: Float[Tensor, "b cin h w"], t: Float[Tensor, "b time"]) -> Float[Tensor, "b cout h w"]:
        h = self.first(x)
        scale, shift = self.shift(t).chunk(2, dim=1)
        h = h * (1 + rearrange(scale, "b c -> b c 1 1")) + rearrange(shift, "b c -> b c 1 1")
        return self.second(h) + self.skip(x)


class PixelAttention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Conv2d(width, 3 * width, 1, bias=False)
        self.out = nn.Conv2d(width, width, 1)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        height, width = x.shape[-2:]
        q, k, v = rearrange(self.qkv(x), "b (n k d) h w -> n b k (h w) d", n=3, k=self.heads)
        scores: Float[Tensor, "b k p p"] = torch.einsum("bkid,bkjd->bkij", q, k) * q.shape[-1] ** -0.5
        mixed: Float[Tensor, "b k p d"] = torch.einsum("bkij,bkjd->bkid", scores.softmax(dim=-1), v)
        flat = rearrange(mixed, "b k (h w) d -> b (k d) h w", h=height, w=width)
        return x + self.out(flat)


class Denoiser(nn.Module):
    def __init__(self, cfg: Config) -> None:
        super().__init__()
        widths = [cfg.width, cfg.width * 2, cfg.width * 4]
        self.time = TimeEmbedding(cfg)
        self.stem = nn.Conv2d(cfg.channels, widths[0], 3, padding=1)
        self.downs = nn.ModuleList([Residual(a, b, cfg.time) for a, b in zip(widths, widths[1:])])
        self.middle = PixelAttention(widths[-1], cfg.heads)
        self.ups = nn.ModuleList([Residual(2 * b, a, cfg.time) for a, b in zip(widths[::-1][1:], widths[::-1])])
        self.head = nn.Conv2d(widths[0], cfg.channels, 1)

    def forward(
        self, x: Float[Tensor, "b c h w"], t: Int[Tensor, "b"], label: Int[Tensor, "b"] | None = None
    ) -> Float[Tensor, "b c h w"]:
        e = self.time(t, label)
        h = self.stem(x)
        skips = []
        for down in self.downs:
            h = down(h, e)
            skips.append(h)
            h = F.avg_pool2d(h, 2)
        h = self.middle(h)
        for up in self.ups:
            h = F.interpolate(h, scale_factor=2, mode="nearest")
            h = up(torch.cat([h, skips.pop()], dim=1), e)
        return self.head(h)


class Diffusion(nn.Module):
    alphas: Float[Tensor, "steps"]

    def __init__(self, cfg: Config) -> None:
        super().__init__()
        self.model = Denoiser(cfg)
        self.register_buffer("alphas", torch.cumprod(1 - torch.linspace(0.1, 0.9, cfg.steps), dim=0))

    def forward(self, x: Float[Tensor, "b c h w"], label: Int[Tensor, "b"]) -> Float[Tensor, ""]:
        t = torch.randint(0, self.alphas.shape[0], (x.shape[0],))
        alpha: Float[Tensor, "b 1 1 1"] = self.alphas[t][:, None, None, None]
        noise = torch.randn_like(x)
        noisy: Float[Tensor, "b c h w"] = alpha.sqrt() * x + (1 - alpha).sqrt() * noise
        guess = self.model(noisy, t, label)
        return F.mse_loss(guess, noise)

    def sample(self, shape: tuple[int, int, int], count: int) -> Float[Tensor, "count c h w"]:
        x = torch.randn(count, *shape)
        for step in reversed(range(2)):
            t = repeat(torch.tensor(step), "-> n", n=count)
            guess: Float[Tensor, "count c h w"] = self.model(x, t)
            x = x - 0.1 * guess
        return x


def main() -> None:
    diffusion = Diffusion(Config())
    diffusion(torch.randn(5, 2, 8, 12), torch.tensor([0, 1, 2, 3, 0]))
    diffusion.sample((2, 4, 8), 3)
