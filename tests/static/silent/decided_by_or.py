"""Flags put together by `or`: the one that decides is true, whatever else it is."""

import torch
from torch import Tensor, nn


class Layers(nn.Module):
    def __init__(self, width: int, rotary: bool = False, **kwargs) -> None:
        super().__init__()
        biased = "biased" in kwargs
        self.width = width
        self.has_positions = biased or rotary
        self.norm = kwargs.get("norm") or nn.LayerNorm(width)


class Wrapper(nn.Module):
    def __init__(self, layers: Layers, length: int) -> None:
        super().__init__()
        self.layers = layers
        self.positions = nn.Embedding(length, layers.width) if not layers.has_positions else None

    def forward(self, x: Tensor) -> Tensor:
        if self.positions is not None:
            x = x + self.positions.weight[: x.shape[1]]
        return self.layers.norm(x)


def wrapped(options: dict[str, int]) -> Wrapper:
    return Wrapper(Layers(4, rotary=True, **options), length=-1)


def main() -> None:
    x = torch.zeros(2, 3, 4)
    print(wrapped({})(x).shape, wrapped({"biased": 1})(x).shape, Wrapper(Layers(4), 3)(x).shape)


if __name__ == "__main__":
    main()
