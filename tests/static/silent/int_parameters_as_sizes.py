import math

import torch
from jaxtyping import Float
from torch import Tensor, nn


def sinusoid(n: int, d: int) -> Float[Tensor, "n d"]:
    pos = torch.arange(n)[:, None]
    freq = torch.exp(torch.arange(0, d, 2) * (-math.log(10000.0) / d))
    out = torch.zeros(n, d)
    out[:, 0::2] = torch.sin(pos * freq)
    out[:, 1::2] = torch.cos(pos * freq)
    return out


class Add(nn.Module):
    def __init__(self, d: int, longest: int = 50) -> None:
        super().__init__()
        self.register_buffer("pe", sinusoid(longest, d)[None])

    def forward(self, x: Float[Tensor, "b t d"]) -> Float[Tensor, "b t d"]:
        return x + self.pe[:, : x.size(1)]


def main() -> None:
    print(Add(6)(torch.randn(2, 5, 6)).shape)


if __name__ == "__main__":
    main()
