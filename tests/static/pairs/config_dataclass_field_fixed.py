from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


@dataclass
class Config:
    width: int = 64
    hidden: int = 256
    layers: int = 2


class FeedForward(nn.Module):
    def __init__(self, cfg: Config) -> None:
        super().__init__()
        self.up = nn.Linear(cfg.width, cfg.hidden)
        self.down = nn.Linear(cfg.hidden, cfg.width)

    def forward(self, x: Float[Tensor, "b t width"]) -> Float[Tensor, "b t width"]:
        return self.down(F.gelu(self.up(x)))


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.ff = FeedForward(Config(width=32, hidden=128))

    def forward(self, x: Float[Tensor, "b t 32"]) -> Float[Tensor, "b t 32"]:
        return self.ff(x)


def main() -> None:
    model = FeedForward(Config())
    print(model(torch.randn(2, 3, 64)).shape)


if __name__ == "__main__":
    main()
