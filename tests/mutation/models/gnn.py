"""Graph networks: message passing over an edge list, and attention over a dense adjacency."""

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn


class Message(nn.Module):
    def __init__(self, node: int, edge: int, out: int) -> None:
        super().__init__()
        self.message = nn.Linear(2 * node + edge, out)
        self.update = nn.Linear(node + out, out)

    def forward(
        self, x: Float[Tensor, "n node"], edges: Int[Tensor, "2 e"], kind: Float[Tensor, "e edge"]
    ) -> Float[Tensor, "n out"]:
        source, target = edges[0], edges[1]
        both: Float[Tensor, "e joined"] = torch.cat([x[source], x[target], kind], dim=-1)
        sent: Float[Tensor, "e out"] = torch.relu(self.message(both))
        received: Float[Tensor, "n out"] = torch.zeros(x.size(0), sent.size(1)).index_add(0, target, sent)
        return self.update(torch.cat([x, received], dim=-1))


class GraphAttention(nn.Module):
    def __init__(self, features: int, heads: int, out: int) -> None:
        super().__init__()
        self.heads = heads
        self.weight = nn.Parameter(torch.randn(features, heads, out))
        self.source = nn.Parameter(torch.randn(heads, out))
        self.target = nn.Parameter(torch.randn(heads, out))

    def forward(self, x: Float[Tensor, "n f"], adjacency: Bool[Tensor, "n n"]) -> Float[Tensor, "n heads_out"]:
        h: Float[Tensor, "n heads out"] = torch.einsum("nf,fho->nho", x, self.weight)
        left: Float[Tensor, "n heads"] = (h * self.source).sum(dim=-1)
        right: Float[Tensor, "n heads"] = (h * self.target).sum(dim=-1)
        scores: Float[Tensor, "n n heads"] = F.leaky_relu(left[:, None, :] + right[None, :, :])
        scores = scores.masked_fill(~adjacency[:, :, None], -1e9)
        mixed: Float[Tensor, "n heads out"] = torch.einsum("ijh,jho->iho", scores.softmax(dim=1), h)
        return mixed.flatten(1)


class Network(nn.Module):
    def __init__(self, node: int, edge: int, classes: int) -> None:
        super().__init__()
        self.first = Message(node, edge, 12)
        self.second = Message(12, edge, 14)
        self.attention = GraphAttention(14, 3, 5)
        self.head = nn.Linear(15, classes)

    def forward(
        self,
        x: Float[Tensor, "n node"],
        edges: Int[Tensor, "2 e"],
        kind: Float[Tensor, "e edge"],
        graph: Int[Tensor, "n"],
    ) -> Float[Tensor, "graphs classes"]:
        x = self.second(self.first(x, edges, kind), edges, kind)
        adjacency: Bool[Tensor, "n n"] = dense(edges, x.shape[0])
        x = F.elu(self.attention(x, adjacency))
        return self.head(pool(x, graph, 2))


def dense(edges: Int[Tensor, "2 e"], n: int) -> Bool[Tensor, "n n"]:
    out = torch.eye(n, dtype=torch.bool)
    out[edges[0], edges[1]] = True
    return out


def pool(x: Float[Tensor, "n f"], graph: Int[Tensor, "n"], count: int) -> Float[Tensor, "count f"]:
    picked: Float[Tensor, "n count"] = F.one_hot(graph, count).float()
    total: Float[Tensor, "count f"] = picked.T @ x
    return total / picked.sum(dim=0).unsqueeze(1).clamp(min=1)


def main() -> None:
    model = Network(7, 4, 3)
    edges = torch.randint(0, 9, (2, 20))
    graph = torch.arange(9) % 2
    logits = model(torch.randn(9, 7), edges, torch.randn(20, 4), graph)
    F.nll_loss(logits.log_softmax(dim=-1), torch.tensor([0, 1]))
