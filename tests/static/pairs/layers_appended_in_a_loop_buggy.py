import torch
from jaxtyping import Float
from torch import Tensor, nn


class Feed(nn.Module):
    def __init__(self, dim: int, hidden: int):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.up, self.down = nn.Linear(dim, hidden), nn.Linear(hidden, dim)

    def forward(self, x):
        return self.down(self.up(self.norm(x)).relu())  # BUG


class Stack(nn.Module):
    def __init__(self, dim: int, depth: int, hidden: int):
        super().__init__()
        self.dim = dim
        self.layers = nn.ModuleList([])
        for _ in range(depth):
            self.layers.append(nn.ModuleList([nn.MultiheadAttention(dim, 2, batch_first=True), Feed(hidden, dim)]))

    def forward(self, x: Float[Tensor, "b n {self.dim}"]) -> Float[Tensor, "b n {self.dim}"]:
        for attend, feed in self.layers:
            x = attend(x, x, x)[0] + x
            x = feed(x) + x
        return x


def deep() -> nn.ModuleList:
    out = nn.ModuleList()
    for _ in range(40):
        out.append(nn.Linear(32, 16))
    return out


def main() -> None:
    x = torch.randn(2, 5, 16)
    for layer in deep():
        x = layer(x)  # BUG
    print(Stack(16, 30, 64)(torch.randn(2, 5, 16)).shape)
