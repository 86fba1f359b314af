from typing import Optional

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

Past = tuple[Float[Tensor, "b g past e"], Float[Tensor, "b g past e"]]
Kept = tuple[Float[Tensor, "b g s e"], Float[Tensor, "b g s e"]]


class Attention(nn.Module):
    def __init__(self, width: int, heads: int, each: int) -> None:
        super().__init__()
        self.heads, self.each = heads, each
        self.q = nn.Linear(width, heads * each)
        self.k = nn.Linear(width, heads * each)
        self.v = nn.Linear(width, heads * each)
        self.out = nn.Linear(heads * each, width)

    def forward(
        self, x: Float[Tensor, "b t width"], start: int = 0, cache: Optional[Past] = None
    ) -> tuple[Float[Tensor, "b t width"], Kept]:
        b, t, _ = x.shape
        q: Float[Tensor, "b heads t e"] = self.q(x).view(b, t, self.heads, self.each).transpose(1, 2)
        k: Float[Tensor, "b g t e"] = self.k(x).view(b, t, self.heads, self.each).transpose(1, 2)
        v = self.v(x).view(b, t, self.heads, self.each).transpose(1, 2)
        if cache is not None:
            k, v = torch.cat([cache[0], k], dim=2), torch.cat([cache[1], v], dim=2)
        scores: Float[Tensor, "b heads t s"] = q @ k.transpose(-2, -1)
        hidden: Bool[Tensor, "t s"] = torch.ones(t, k.shape[2], dtype=torch.bool).triu(1 + start)
        mixed = scores.masked_fill(hidden, float("-inf")).softmax(dim=-1) @ v
        return self.out(mixed.transpose(1, 2).flatten(2)), (k, v)


def main() -> None:
    layer = Attention(6, 2, 4)
    x = torch.randn(3, 5, 6)
    _, cache = layer(x)
    print(layer(x[:, :1], 5, cache)[0].shape)


if __name__ == "__main__":
    main()
