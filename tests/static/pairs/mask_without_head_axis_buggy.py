import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn


class Attention(nn.Module):
    def __init__(self, dim: int, heads: int):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(dim, dim)

    def forward(self, x: Float[Tensor, "b n dim"], keep: Bool[Tensor, "b n"]) -> Float[Tensor, "b n dim"]:
        b, n, d = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-2, -1)
        scores = scores.masked_fill(~keep[:, None, :], float("-inf"))  # BUG
        return self.out((scores.softmax(-1) @ v).transpose(1, 2).flatten(2))


def main() -> None:
    print(Attention(8, 4)(torch.randn(3, 5, 8), torch.ones(3, 5, dtype=torch.bool)).shape)
