"""A vision transformer written with einops."""

import torch
from einops import rearrange, reduce, repeat
from jaxtyping import Float
from torch import Tensor, einsum, nn


class Patches(nn.Module):
    def __init__(self, size: int, channels: int, dim: int) -> None:
        super().__init__()
        self.size = size
        self.project = nn.Linear(size * size * channels, dim)

    def forward(self, image: Float[Tensor, "b c h w"]) -> Float[Tensor, "b n dim"]:
        cut = rearrange(image, "b c (i p) (j q) -> b (i j) (p q c)", p=self.size, q=self.size)
        return self.project(cut)


class Attention(nn.Module):
    def __init__(self, dim: int, heads: int, inner: int) -> None:
        super().__init__()
        self.heads = heads
        self.to_qkv = nn.Linear(dim, heads * inner * 3, bias=False)
        self.to_out = nn.Linear(heads * inner, dim)

    def forward(self, x: Float[Tensor, "b n dim"]) -> Float[Tensor, "b n dim"]:
        parts = self.to_qkv(x).chunk(3, dim=-1)
        q, k, v = [rearrange(part, "b n (h e) -> b h n e", h=self.heads) for part in parts]
        dots: Float[Tensor, "b h n n"] = einsum("b h i e, b h j e -> b h i j", q, k)
        mixed = einsum("b h i j, b h j e -> b h i e", dots.softmax(dim=-1), v)
        return self.to_out(rearrange(mixed, "b h n e -> b n (h e)"))


class FeedForward(nn.Module):
    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.up = nn.Linear(dim, hidden)
        self.down = nn.Linear(hidden, dim)

    def forward(self, x: Float[Tensor, "b n dim"]) -> Float[Tensor, "b n dim"]:
        h: Float[Tensor, "b n hidden"] = torch.relu(self.up(self.norm(x)))
        return self.down(h)


class ViT(nn.Module):
    def __init__(self, side: int, size: int, channels: int, dim: int, heads: int, depth: int, classes: int) -> None:
        super().__init__()
        count = (side // size) ** 2
        self.patches = Patches(size, channels, dim)
        self.token = nn.Parameter(torch.zeros(1, 1, dim))
        self.positions = nn.Parameter(torch.zeros(1, count + 1, dim))
        self.attentions = nn.ModuleList([Attention(dim, heads, 5) for _ in range(depth)])
        self.feeds = nn.ModuleList([FeedForward(dim, dim * 2) for _ in range(depth)])
        self.head = nn.Linear(dim, classes)

    def forward(self, image: Float[Tensor, "b c h w"]) -> Float[Tensor, "b classes"]:
        x: Float[Tensor, "b n dim"] = self.patches(image)
        token = repeat(self.token, "1 1 dim -> b 1 dim", b=x.shape[0])
        full: Float[Tensor, "b n+1 dim"] = torch.cat([token, x], dim=1)
        full = full + self.positions
        for attention, feed in zip(self.attentions, self.feeds, strict=True):
            full = full + attention(full)
            full = full + feed(full)
        pooled: Float[Tensor, "b dim"] = reduce(full, "b n dim -> b dim", "mean")
        return self.head(pooled)


def main() -> None:
    model = ViT(side=12, size=4, channels=3, dim=14, heads=2, depth=2, classes=7)
    model(torch.randn(6, 3, 12, 12))
    model.patches(torch.randn(6, 3, 12, 8))
