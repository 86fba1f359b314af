import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn


class Attention(nn.Module):
    def __init__(self, dim: int, context_dim: int | None = None, heads: int = 4) -> None:
        super().__init__()
        context_dim = context_dim if context_dim is not None else dim
        self.heads = heads
        self.q = nn.Linear(dim, dim, bias=False)
        self.kv = nn.Linear(context_dim, 2 * dim, bias=False)
        self.out = nn.Linear(dim, dim)

    def forward(
        self, x: Float[Tensor, "b n dim"], context: Float[Tensor, "b m context_dim"] | None = None
    ) -> Float[Tensor, "b n dim"]:
        ctx = x if context is None else context
        q = self.q(x)
        k, v = self.kv(ctx).chunk(2, dim=-1)
        q, k, v = (rearrange(t, "b n (h d) -> b h n d", h=self.heads) for t in (q, k, v))
        att = (q @ k.transpose(-2, -1)).softmax(-1)
        return self.out(rearrange(att @ v, "b h n d -> b n (h d)"))


def main() -> None:
    print(Attention(8)(torch.randn(2, 5, 8)).shape)
    print(Attention(8, 12)(torch.randn(2, 5, 8), torch.randn(2, 7, 12)).shape)


if __name__ == "__main__":
    main()
