import math

import torch
from jaxtyping import Float
from torch import Tensor, nn


class GraphConvolution(nn.Module):
    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.weight = nn.Parameter(torch.Tensor(out_features, in_features))
        self.bias = nn.Parameter(torch.Tensor(out_features))
        bound = 1 / math.sqrt(self.weight.size(1))
        self.weight.data.uniform_(-bound, bound)
        self.bias.data.uniform_(-bound, bound)

    def forward(self, x: Float[Tensor, "n in_features"], adj: Float[Tensor, "n n"]) -> Float[Tensor, "n out_features"]:
        support = torch.mm(x, self.weight)  # BUG
        return torch.spmm(adj, support) + self.bias


def main() -> None:
    scale = torch.Tensor([0.5, 2.0])
    print(GraphConvolution(5, 2)(torch.randn(4, 5), torch.eye(4)).mul(scale).shape)
