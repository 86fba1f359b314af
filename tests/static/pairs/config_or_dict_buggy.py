from dataclasses import dataclass
from typing import Union

import torch
from jaxtyping import Float
from torch import Tensor, nn


@dataclass
class Config:
    layers: int
    heads: int
    width: int

    @classmethod
    def of(cls, config: Union[dict, "Config"]) -> "Config":
        return cls(**config) if isinstance(config, dict) else config


class Block(nn.Module):
    def __init__(self, cfg: Union[dict, Config]) -> None:
        super().__init__()
        self.cfg = Config.of(cfg)
        self.bias = nn.Parameter(torch.zeros(self.cfg.heads, self.cfg.width))


class Model(nn.Module):
    def __init__(self, cfg: Union[Config, dict]) -> None:
        super().__init__()
        if isinstance(cfg, dict):
            cfg = Config(**cfg)
        self.cfg = cfg
        self.blocks = nn.ModuleList([Block(self.cfg) for _ in range(self.cfg.layers)])

    @property
    def biases(self) -> Float[Tensor, "layers width"]:
        return torch.stack([block.bias for block in self.blocks], dim=0)  # BUG


def main() -> None:
    print(Model({"layers": 2, "heads": 3, "width": 4}).biases.shape)
    print(Model(Config(2, 3, 4)).biases.shape)


if __name__ == "__main__":
    main()
