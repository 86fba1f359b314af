from dataclasses import dataclass, field
from itertools import chain

import torch
from jaxtyping import Float
from torch import Tensor, nn


@dataclass
class Config:
    heads: int = 4
    kv_heads: int = 4
    width: int = 16
    out: int = 16
    size: int = 4
    extra: dict[str, int] = field(default_factory=dict)


class Block(nn.Module):
    def __init__(self, cfg: Config) -> None:
        super().__init__()
        self.cfg = cfg
        self.w = nn.Parameter(torch.zeros(cfg.width, cfg.out))
        self.kv = nn.Parameter(torch.zeros(cfg.kv_heads, cfg.size))

    def square(self) -> Float[Tensor, "width width"]:
        return self.w @ self.w.mT

    def alias(self) -> Float[Tensor, "out width"]:
        return self.w.mT

    def per_head(self) -> Float[Tensor, "heads size"]:
        return self.kv

    def input(self) -> Float[Tensor, "n_in n_out"]:
        return self.w

    def equal(self) -> Float[Tensor, "n n"]:
        return torch.zeros(self.cfg.width, self.cfg.out)

    def both(self) -> Float[Tensor, "width also_width"]:
        return torch.zeros(self.cfg.width, self.cfg.width)


class Merged(nn.Module):
    def __init__(self, cfg: Config) -> None:
        super().__init__()
        self.cfg = cfg

    def product(self) -> Float[Tensor, "width merged"]:
        return torch.zeros(self.cfg.heads * self.cfg.size, self.cfg.width)

    def total(self) -> Float[Tensor, "both size"]:
        return torch.cat([torch.zeros(self.cfg.width, self.cfg.size), torch.zeros(self.cfg.out, self.cfg.size)])


class Model(nn.Module):
    def __init__(self, cfg: Config | dict[str, int]) -> None:
        super().__init__()
        if isinstance(cfg, dict):
            cfg = Config(**cfg)
        self.encoder = nn.ModuleList([Block(cfg) for _ in range(cfg.heads)])
        self.decoder = nn.ModuleList([Block(cfg) for _ in range(cfg.heads)])

    def stacked(self) -> Float[Tensor, "blocks width out"]:
        return torch.stack([block.w for block in chain(self.encoder, self.decoder)], dim=0)

    def joined(self) -> Float[Tensor, "rows out"]:
        return torch.cat([block.w for block in self.encoder], dim=0)

    def some(self, first: int) -> Float[Tensor, "layers width out"]:
        return torch.stack([block.w for i, block in enumerate(self.encoder) if i >= first])

    def grown(self) -> Float[Tensor, "layers width out"]:
        kept = [block.w for block in self.encoder]
        kept.append(self.decoder[0].w)
        return torch.stack(kept)


def main() -> None:
    block, model = Block(Config()), Model({"heads": 2})
    print(block.square().shape, block.alias().shape, block.per_head().shape, block.input().shape, block.equal().shape)
    print(Merged(Config()).product().shape, Merged(Config()).total().shape)
    print(block.both().shape, model.stacked().shape, model.joined().shape, model.some(1).shape, model.grown().shape)


if __name__ == "__main__":
    main()
