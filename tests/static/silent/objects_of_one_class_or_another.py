"""Objects that may be of one class or any callable, or of one of two classes."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn


class Scaled(nn.Module):
    def forward(self, y: Tensor) -> tuple[Tensor, Tensor]:
        return y * 2, y


class Plain(nn.Module):
    def forward(self, y: Tensor) -> Tensor:
        return y + 1


Transform = Scaled | Callable[[Tensor], Tensor]


class Map(nn.Module):
    def __init__(self, weight: Tensor, out: Transform | None = None, either: Scaled | Plain | None = None) -> None:
        super().__init__()
        self.weight = weight
        self.out = out
        self.either = either

    @property
    def outputs(self) -> int:
        if self.out is None or self.either is None:
            return self.weight.shape[0]
        canary = torch.empty(1, 3)
        return self.out(canary).shape[-1] + self.either(canary).shape[0]


def main() -> None:
    print(Map(torch.zeros(2, 3), torch.relu, Plain()).outputs)


if __name__ == "__main__":
    main()
