import torch
from jaxtyping import Float
from torch import Tensor, nn
from einops.layers.torch import Rearrange, Reduce


class Patch(nn.Module):
    def __init__(self, dim: int, p: int = 4) -> None:
        super().__init__()
        self.net = nn.Sequential(
            Rearrange("b c (h p1) (w p2) -> b (h w) (p1 p2 c)", p1=p, p2=p),
            nn.LayerNorm(p * p * 3),
            nn.Linear(p * p * 3, dim),
            Reduce("b n d -> b d", "mean"),
        )

    def forward(self, x: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b dim"]:
        return self.net(x)


def main() -> None:
    print(Patch(8)(torch.randn(2, 3, 8, 12)).shape)


if __name__ == "__main__":
    main()
