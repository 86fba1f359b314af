import torch
from einops.layers.torch import Rearrange, Reduce
from jaxtyping import Float
from torch import Tensor, nn


class Patches(nn.Module):
    def __init__(self, dim: int = 16) -> None:
        super().__init__()
        self.net = nn.Sequential(
            Rearrange("b c (h p) (w q) -> b (h w) (p q c)", p=4, q=4),
            nn.Linear(16, dim),
            Reduce("b n d -> b d", "mean"),
        )

    def forward(self, x: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b dim"]:
        return self.net(x)  # ALT


def main() -> None:
    print(Patches()(torch.zeros(2, 3, 8, 8)).shape)


if __name__ == "__main__":
    main()
