"""`reduce` and its layer with a reduction that makes axes, and with one that somebody chooses."""

import torch
from einops import reduce
from einops.layers.torch import Reduce
from torch import Tensor, nn


class Streams(nn.Module):
    def __init__(self, streams: int, how: str = "repeat") -> None:
        super().__init__()
        self.expand = Reduce(pattern="b ... -> (b s) ...", reduction="repeat", s=streams)
        self.collapse = Reduce("(b s) ... -> b ...", "sum", s=streams)
        self.chosen = Reduce("b n d -> b (n g) d", how, g=2)

    def forward(self, x: Tensor) -> Tensor:
        return self.chosen(self.collapse(self.expand(x) * 2))


def heads(x: Tensor, how: str) -> Tensor:
    return reduce(x, "b h d -> b (h g) d", how, g=4) + reduce(x, "b h d -> b (h g) d", "repeat", g=4)


def main() -> None:
    x = torch.zeros(2, 3, 5)
    print(Streams(4)(x).shape, heads(x, "repeat").shape)


if __name__ == "__main__":
    main()
