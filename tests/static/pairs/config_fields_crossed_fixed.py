from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn


@dataclass
class Config:
    heads: int = 4
    width: int = 16
    size: int = 8
    depth: int = 2


class Attention(nn.Module):
    def __init__(self, cfg: Config) -> None:
        super().__init__()
        self.keys: Float[nn.Parameter, "heads width size"] = nn.Parameter(torch.zeros(cfg.heads, cfg.width, cfg.size))


class Model(nn.Module):
    def __init__(self, cfg: Config) -> None:
        super().__init__()
        self.cfg = cfg
        self.blocks = nn.ModuleList([Attention(cfg) for _ in range(cfg.depth)])

    @property
    def keys(self) -> Float[Tensor, "depth heads width size"]:
        return torch.stack([block.keys for block in self.blocks], dim=0)

    @property
    def table(self) -> Float[Tensor, "rows width"]:
        rows = [torch.zeros(n, self.cfg.width) for n in (self.cfg.heads, self.cfg.size)]
        return torch.cat(rows, dim=0)

    @property
    def first(self) -> Float[Tensor, "heads width size"]:
        return self.blocks[0].keys


def main() -> None:
    model = Model(Config())
    print(model.keys.shape, model.first.shape, Model.keys.fget.__annotations__)


if __name__ == "__main__":
    main()
