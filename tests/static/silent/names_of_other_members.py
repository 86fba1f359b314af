from collections.abc import Iterable

import torch
from jaxtyping import Float
from torch import Tensor, nn


def rows(x: int | Float[Tensor, "n"] | Float[Tensor, "n t"] | Iterable[int]) -> list[Float[Tensor, "t"]]:
    if isinstance(x, int):
        return [torch.zeros(x)]
    return [torch.zeros(3)]


def exists(value: Tensor | None) -> bool:
    return value is not None


class Mixed(nn.Module):
    def __init__(self, heads: int, width: int) -> None:
        super().__init__()
        self.heads = heads
        self.to_v = nn.Linear(width, heads * width)

    def forward(
        self, x: Float[Tensor, "b t d"], old: Float[Tensor, "b h t d"] | None = None
    ) -> Float[Tensor, "b h t d"]:
        v = self.to_v(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        kept = v
        if exists(old):
            v = v.lerp(old, 0.5)
        return kept


def total(logits: Tensor, over_words: bool) -> Tensor:
    best: Float[Tensor, "n t"]
    if over_words:
        best, _ = logits.max(dim=-1)
    else:
        best = logits
    best: Float[Tensor, "t"] = best.sum(dim=0)
    return best


def main() -> None:
    print(len(rows(4)), Mixed(2, 3)(torch.ones(4, 5, 3)).shape)
    print(total(torch.ones(2, 3, 4), True).shape, total(torch.ones(2, 3), False).shape)


if __name__ == "__main__":
    main()
