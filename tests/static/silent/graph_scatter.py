import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn


class Gat(nn.Module):
    def __init__(self, din: int, dout: int, heads: int) -> None:
        super().__init__()
        self.heads, self.dout = heads, dout
        self.lin = nn.Linear(din, heads * dout, bias=False)
        self.att = nn.Parameter(torch.randn(1, heads, 2 * dout))

    def forward(self, x: Float[Tensor, "n din"], edges: Int[Tensor, "2 m"]) -> Float[Tensor, "n f"]:
        h = self.lin(x).view(-1, self.heads, self.dout)
        src, dst = edges
        e = torch.cat([h[src], h[dst]], dim=-1)
        a = F.leaky_relu((e * self.att).sum(-1)).exp()
        norm = torch.zeros(x.shape[0], self.heads).index_add_(0, dst, a)
        a = a / norm[dst]
        out = torch.zeros_like(h).index_add_(0, dst, h[src] * a.unsqueeze(-1))
        return out.flatten(1)


def main() -> None:
    print(Gat(3, 4, 2)(torch.randn(5, 3), torch.randint(0, 5, (2, 7))).shape)


if __name__ == "__main__":
    main()
