"""Heterogeneous graphs: one weight per relation in a ModuleDict, edge softmax by scatter, optional edge weights."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn


def scatter_sum(values: Float[Tensor, "e *rest"], index: Int[Tensor, "e"], count: int) -> Float[Tensor, "count *rest"]:
    out = values.new_zeros((count, *values.shape[1:]))
    return out.index_add_(0, index, values)


def edge_softmax(scores: Float[Tensor, "e heads"], target: Int[Tensor, "e"], count: int) -> Float[Tensor, "e heads"]:
    top = scores.new_full((count, scores.shape[1]), float("-inf"))
    spread = target.unsqueeze(1).expand(-1, scores.shape[1])
    top = top.scatter_reduce(0, spread, scores, reduce="amax")
    shifted: Float[Tensor, "e heads"] = (scores - top[target]).exp()
    total: Float[Tensor, "count heads"] = scatter_sum(shifted, target, count)
    return shifted / total[target].clamp_min(1e-6)


class Relation(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        assert width % heads == 0
        self.heads = heads
        self.each = width // heads
        self.key = nn.Linear(width, width, bias=False)
        self.query = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width, bias=False)
        self.bias = nn.Parameter(torch.zeros(heads, self.each, self.each))

    def forward(
        self,
        source: Float[Tensor, "n width"],
        target: Float[Tensor, "m width"],
        edges: Int[Tensor, "2 e"],
        weight: Float[Tensor, "e"] | None = None,
    ) -> Float[Tensor, "m width"]:
        start, end = edges.unbind(0)
        k = self.key(source).view(-1, self.heads, self.each)
        q = self.query(target).view(-1, self.heads, self.each)
        v: Float[Tensor, "n heads each"] = self.value(source).view(-1, self.heads, self.each)
        turned: Float[Tensor, "n heads each"] = torch.einsum("nhe,hef->nhf", k, self.bias)
        scores: Float[Tensor, "e heads"] = (turned[start] * q[end]).sum(-1) / self.each**0.5
        if weight is not None:
            scores = scores + weight.log().unsqueeze(-1)
        share = edge_softmax(scores, end, target.size(0))
        out = scatter_sum(v[start] * share[..., None], end, target.size(0))
        return out.reshape(-1, self.heads * self.each)


class Layer(nn.Module):
    def __init__(self, kinds: dict[str, int], width: int, heads: int) -> None:
        super().__init__()
        self.embed = nn.ModuleDict({kind: nn.Linear(size, width) for kind, size in kinds.items()})
        self.writes = Relation(width, heads)
        self.cites = Relation(width, heads)
        self.gate = nn.Linear(2 * width, width)
        self.norm = nn.LayerNorm(width)

    def forward(
        self,
        authors: Float[Tensor, "a fa"],
        papers: Float[Tensor, "p fp"],
        writes: Int[Tensor, "2 ew"],
        cites: Int[Tensor, "2 ec"],
        weight: Float[Tensor, "ec"] | None = None,
    ) -> tuple[Float[Tensor, "a width"], Float[Tensor, "p width"]]:
        a = self.embed["author"](authors)
        p = self.embed["paper"](papers)
        written: Float[Tensor, "p width"] = self.writes(a, p, writes)
        cited: Float[Tensor, "p width"] = self.cites(p, p, cites, weight)
        gate: Float[Tensor, "p width"] = torch.sigmoid(self.gate(torch.cat([written, cited], dim=-1)))
        return a, self.norm(p + gate * written + (1 - gate) * cited)


class Readout(nn.Module):
    def __init__(self, width: int, classes: int) -> None:
        super().__init__()
        self.score = nn.Bilinear(width, width, classes)
        self.attend = nn.MultiheadAttention(width, 2, batch_first=True)
        self.seed = nn.Parameter(torch.randn(3, width))

    def links(
        self, a: Float[Tensor, "a width"], p: Float[Tensor, "p width"], pairs: Int[Tensor, "pairs 2"]
    ) -> Float[Tensor, "pairs classes"]:
        return self.score(a[pairs[:, 0]], p[pairs[:, 1]])

    def forward(self, p: Float[Tensor, "g n width"], mask: Bool[Tensor, "g n"]) -> Float[Tensor, "g 3 width"]:
        seeds: Float[Tensor, "g 3 width"] = self.seed.unsqueeze(0).expand(p.shape[0], -1, -1)
        out, weights = self.attend(seeds, p, p, key_padding_mask=~mask)
        return out


def dense_batch(
    x: Float[Tensor, "n width"], graph: Int[Tensor, "n"], graphs: int, longest: int
) -> tuple[Float[Tensor, "graphs longest width"], Bool[Tensor, "graphs longest"]]:
    counts = scatter_sum(torch.ones_like(graph, dtype=torch.float), graph, graphs).long()
    first = torch.cat([counts.new_zeros(1), counts.cumsum(0)[:-1]], dim=0)
    place = torch.arange(x.shape[0]) - first[graph]
    out = x.new_zeros(graphs, longest, x.shape[1])
    mask = torch.zeros(graphs, longest, dtype=torch.bool)
    out[graph, place] = x
    mask[graph, place] = True
    return out, mask


def main() -> None:
    layer = Layer({"author": 5, "paper": 7}, 8, 2)
    authors, papers = torch.randn(6, 5), torch.randn(9, 7)
    writes = torch.stack([torch.randint(0, 6, (14,)), torch.randint(0, 9, (14,))])
    cites = torch.randint(0, 9, (2, 11))
    a, p = layer(authors, papers, writes, cites, torch.rand(11) + 0.1)
    readout = Readout(8, 4)
    readout.links(a, p, torch.tensor([[0, 1], [5, 8], [2, 2]]))
    graph = torch.tensor([0, 0, 0, 0, 0, 1, 1, 1, 1])
    batch, mask = dense_batch(p, graph, 2, 7)
    readout(batch, mask)
