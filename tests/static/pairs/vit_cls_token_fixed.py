import torch
from jaxtyping import Float
from torch import Tensor, nn


class ViT(nn.Module):
    def __init__(self, dim: int = 64, patch: int = 8) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, dim, patch, stride=patch)
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos = nn.Parameter(torch.zeros(1, 17, dim))

    def forward(self, x: Float[Tensor, "b 3 32 32"]) -> Float[Tensor, "b 17 dim"]:
        tokens = self.patch(x).flatten(2).transpose(1, 2)
        cls = self.cls.expand(x.shape[0], -1, -1)
        tokens = torch.cat([cls, tokens], dim=1)
        return tokens + self.pos


def main() -> None:
    print(ViT()(torch.randn(2, 3, 32, 32)).shape)


if __name__ == "__main__":
    main()
