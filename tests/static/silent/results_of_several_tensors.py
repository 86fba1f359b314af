"""Results with several tensors: indexed, named, compared, passed on, joined."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


class Several(nn.Module):
    def __init__(self, d: int, h: int) -> None:
        super().__init__()
        self.rnn = nn.LSTM(d, h, batch_first=True)
        self.steps = nn.ModuleList([nn.Linear(h, h), nn.Linear(h, h)])

    def forward(self, x: Float[Tensor, "b t d"]) -> Float[Tensor, "b h"]:
        both = self.rnn(x)
        pair = both[1]
        first = self.steps[:1]
        y = first[0](both[0][:, -1]) + pair[0][-1]
        return y if both == () else self.steps[-1](y)


def extremes(x: Float[Tensor, "b c"]) -> tuple[Float[Tensor, "b"], Int[Tensor, "b"]]:
    found = x.max(dim=1)
    size = (found.values.shape + (1,))[0]
    assert size == len(found[0]) and found.count(None) == 0
    return found


def sizes(x: Float[Tensor, "b c"]) -> Float[Tensor, "b c"]:
    return x.new_zeros(x.shape[None:][:2]) + x.size().numel() * 0


def main() -> None:
    Several(3, 5)(torch.randn(2, 7, 3))
    extremes(torch.randn(2, 3))
    print(sizes(torch.randn(2, 3)).shape)


if __name__ == "__main__":
    main()
