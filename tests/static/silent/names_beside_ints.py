"""Axis names that mean something else than the ints of the same name."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Encoding(nn.Module):
    def __init__(self, d: int, n: int, max_len: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(d, d) for _ in range(n))
        self.table: Float[Tensor, "n d"] = torch.zeros(max_len, d)

    def forward(self, x: Float[Tensor, "b n d"]) -> Float[Tensor, "b n d"]:
        x = x + self.table[: x.shape[1]]
        for layer in self.layers:
            x = layer(x)
        return x


def grown(t: int, d: int) -> Tensor:
    t = t + 1
    x: Float[Tensor, "t d"] = torch.zeros(t, d)
    return x


def main() -> None:
    print(Encoding(4, 2, 9)(torch.zeros(3, 5, 4)).shape, grown(3, 2).shape)


if __name__ == "__main__":
    main()
