import torch
from einops import repeat
from jaxtyping import Float
from torch import Tensor, nn


class Pooler(nn.Module):
    def __init__(self, dim: int, latents: int) -> None:
        super().__init__()
        self.query = nn.Parameter(torch.randn(latents, dim))
        self.attend = nn.MultiheadAttention(dim, 2, batch_first=True)

    def forward(self, x: Float[Tensor, "batch time dim"]) -> Float[Tensor, "batch latents dim"]:
        q = repeat(self.query, "n d -> n b d", b=x.shape[0])
        out, _ = self.attend(q, x, x)  # BUG
        return out


def main() -> None:
    print(Pooler(8, 3)(torch.randn(4, 5, 8)).shape)


if __name__ == "__main__":
    main()
