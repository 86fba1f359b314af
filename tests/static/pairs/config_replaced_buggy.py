from dataclasses import dataclass, field, replace

import torch
from torch import Tensor, nn


@dataclass
class Config:
    width: int = 48
    heads: int = 4
    head_width: int = field(init=False)

    def __post_init__(self) -> None:
        self.head_width = self.width // self.heads


class Attention(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.qkv = nn.Linear(config.width, 3 * config.heads * config.head_width)
        self.out = nn.Linear(config.width, config.width)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.qkv(x).unflatten(-1, (3, self.config.heads, self.config.head_width)).unbind(2)
        y = nn.functional.scaled_dot_product_attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2))
        return self.out(y.transpose(1, 2).flatten(2))  # ALT


def main() -> None:
    small = replace(Config(), width=24, heads=5)  # BUG
    print(Attention(small)(torch.randn(2, 7, 24)).shape)  # ALT


if __name__ == "__main__":
    main()
