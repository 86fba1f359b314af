import torch
from jaxtyping import Float
from torch import Tensor


def weighted(x: Float[Tensor, "... n d"], w: Float[Tensor, "n"]) -> Float[Tensor, "... d"]:
    y = x.transpose(-1, -2) @ w
    return y


def outer(x: Float[Tensor, "*b n"], y: Float[Tensor, "*b m"]) -> Float[Tensor, "*b n m"]:
    return x.unsqueeze(-1) * y.unsqueeze(-2)


def energy(x: Float[Tensor, "... n d"]) -> Float[Tensor, ""]:
    return x.square().sum(-1).mean(-1)  # BUG


def main() -> None:
    x = torch.randn(2, 5, 3)
    print(weighted(x, torch.ones(5)).shape, outer(x, x).shape, energy(x).shape)
