from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn


@dataclass
class Cfg:
    d_model: int = 64
    n_heads: int = 4
    d_head: int = 16
    d_mlp: int = 256


class Attn(nn.Module):
    def __init__(self, cfg: Cfg) -> None:
        super().__init__()
        self.cfg = cfg
        self.W_Q = nn.Parameter(torch.randn(cfg.n_heads, cfg.d_model, cfg.d_head))
        self.out = nn.Linear(cfg.n_heads * cfg.d_head, cfg.d_model)

    def forward(self, x: Float[Tensor, "b t d_model"]) -> Float[Tensor, "b t d_model"]:
        q = torch.einsum("btd,hde->bthe", x, self.W_Q)
        z = q.flatten(2)
        assert z.shape[-1] == self.cfg.d_model
        return x + self.out(z)


def main() -> None:
    print(Attn(Cfg())(torch.randn(2, 3, 64)).shape)


if __name__ == "__main__":
    main()
