from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn


@dataclass
class Config:
    d_model: int = 8
    d_mlp: int | None = 16
    eps: float = 1e-5
    act: str = "gelu"
    norm: bool = True


def squared(x: Float[Tensor, "*b d"]) -> Float[Tensor, "*b d"]:
    return torch.relu(x) ** 2


ACTIVATIONS = {"gelu": torch.nn.functional.gelu, "relu": torch.relu, "squared": squared}


class Norm(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.eps = config.eps

    def forward(self, x: Float[Tensor, "b t d"]) -> Float[Tensor, "b t d"]:
        x = x - x.mean(-1, keepdim=True)
        return x / (x.pow(2).mean(-1, keepdim=True) + self.eps).sqrt()


class MLP(nn.Module):
    width: int

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        if config.d_mlp is None:
            raise ValueError("a width is needed")
        self.width = config.d_mlp
        self.inner = nn.Parameter(torch.zeros(config.d_model, self.width))
        self.outer = nn.Parameter(torch.zeros(self.width, config.d_model))
        if config.norm:
            self.norm = Norm(config)

    def forward(self, x: Float[Tensor, "b t d_model"]) -> Float[Tensor, "b t d_model"]:
        activation = ACTIVATIONS.get(self.config.act)
        if activation is None:
            raise ValueError("no such activation")
        if self.config.norm:
            x = self.norm(x)
        hidden = activation(x @ self.inner)
        return hidden @ self.outer


def main() -> None:
    print(MLP(Config())(torch.randn(2, 3, 8)).shape)


if __name__ == "__main__":
    main()
