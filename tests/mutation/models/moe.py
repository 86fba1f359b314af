"""A mixture of experts: top-k routing, experts as one stacked parameter, a balance loss."""

import torch
import torch.nn.functional as F
from einops import einsum, rearrange
from jaxtyping import Float, Int
from torch import Tensor, nn


class Router(nn.Module):
    def __init__(self, dim: int, experts: int, k: int) -> None:
        super().__init__()
        self.k = k
        self.gate = nn.Linear(dim, experts, bias=False)

    def forward(
        self, x: Float[Tensor, "n dim"]
    ) -> tuple[Float[Tensor, "n k"], Int[Tensor, "n k"], Float[Tensor, "n experts"]]:
        odds: Float[Tensor, "n experts"] = F.softmax(self.gate(x), dim=-1)
        weight, index = odds.topk(self.k, dim=-1)
        return weight / weight.sum(dim=-1, keepdim=True), index, odds


class Experts(nn.Module):
    def __init__(self, experts: int, dim: int, hidden: int) -> None:
        super().__init__()
        self.up: Float[nn.Parameter, "experts dim hidden"] = nn.Parameter(torch.randn(experts, dim, hidden))
        self.down: Float[nn.Parameter, "experts hidden dim"] = nn.Parameter(torch.randn(experts, hidden, dim))

    def forward(self, x: Float[Tensor, "n dim"]) -> Float[Tensor, "n experts dim"]:
        h: Float[Tensor, "n experts hidden"] = F.silu(einsum(x, self.up, "n d, e d h -> n e h"))
        return einsum(h, self.down, "n e h, e h d -> n e d")


class Mixture(nn.Module):
    def __init__(self, dim: int, hidden: int, experts: int, k: int) -> None:
        super().__init__()
        self.experts = experts
        self.norm = nn.LayerNorm(dim)
        self.router = Router(dim, experts, k)
        self.work = Experts(experts, dim, hidden)

    def forward(self, x: Float[Tensor, "b t dim"]) -> tuple[Float[Tensor, "b t dim"], Float[Tensor, ""]]:
        b, t, dim = x.shape
        flat: Float[Tensor, "b*t dim"] = rearrange(self.norm(x), "b t d -> (b t) d")
        weight, index, odds = self.router(flat)
        results: Float[Tensor, "b*t experts dim"] = self.work(flat)
        chosen: Float[Tensor, "b*t k dim"] = results.gather(1, index.unsqueeze(-1).expand(-1, -1, dim))
        mixed: Float[Tensor, "b*t dim"] = (chosen * weight.unsqueeze(-1)).sum(dim=1)
        return x + rearrange(mixed, "(b t) d -> b t d", b=b), balance(odds, index)


def balance(odds: Float[Tensor, "n experts"], index: Int[Tensor, "n k"]) -> Float[Tensor, ""]:
    used: Float[Tensor, "n k experts"] = F.one_hot(index, odds.shape[-1]).float()
    share: Float[Tensor, "experts"] = used.sum(dim=1).mean(dim=0)
    return (share * odds.mean(dim=0)).sum() * odds.shape[-1]


class Model(nn.Module):
    def __init__(self, vocab: int, dim: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.mixture = Mixture(dim, 10, 4, 2)
        self.head = nn.Linear(dim, vocab)

    def forward(self, ids: Int[Tensor, "b t"]) -> tuple[Float[Tensor, "b t vocab"], Float[Tensor, ""]]:
        x, extra = self.mixture(self.embed(ids))
        return self.head(x), extra


def main() -> None:
    model = Model(19, 6)
    ids = torch.randint(0, 19, (3, 5))
    logits, extra = model(ids)
    F.cross_entropy(rearrange(logits, "b t v -> (b t) v"), rearrange(ids, "b t -> (b t)")) + extra
