import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


class Codebook(nn.Module):
    def __init__(self, k: int, dim: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(k, dim)

    def forward(self, z: Float[Tensor, "b dim h w"]) -> tuple[Float[Tensor, "b dim h w"], Int[Tensor, "b h w"]]:
        x = z.permute(0, 2, 3, 1).contiguous()
        flat = x.view(-1, x.shape[-1])
        dist = flat.pow(2).sum(1, keepdim=True) - 2 * flat @ self.embed.weight.t() + self.embed.weight.pow(2).sum(1)
        ids = dist.argmin(1).view(x.shape[:-1])
        q = self.embed(ids).permute(0, 3, 1, 2)
        return z + (q - z).detach(), ids


def main() -> None:
    q, i = Codebook(7, 4)(torch.randn(2, 4, 3, 5))
    print(q.shape, i.shape)


if __name__ == "__main__":
    main()
