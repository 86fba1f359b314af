import torch
from jaxtyping import Float
from torch import Tensor, nn


class Residual(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, dim))

    def forward(self, x: Float[Tensor, "*b dim"]) -> Float[Tensor, "*b dim"]:
        return x + self.net(x)


class Mixer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.Sequential(Residual(64), Residual(32))

    def forward(self, x: Float[Tensor, "b t 64"]) -> Float[Tensor, "b t 64"]:
        return self.blocks(x)  # BUG


def main() -> None:
    print(Mixer()(torch.randn(2, 3, 64)).shape)


if __name__ == "__main__":
    main()
