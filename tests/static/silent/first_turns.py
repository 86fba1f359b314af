"""Long loops whose first turn has nothing to compare with yet."""

import torch
from torch import Tensor, nn


class Spectral(nn.Module):
    def __init__(self, turns: int = 100, tolerance: float = 1e-4) -> None:
        super().__init__()
        self.turns = turns
        self.tolerance = tolerance

    def forward(self, x: Tensor) -> Tensor:
        u = torch.randn_like(x)
        old = torch.zeros_like(u)
        for turn in range(self.turns):
            z = torch.linalg.vecdot(u.flatten(1, -1), x.flatten(1, -1), dim=-1)
            if turn > 0 and torch.linalg.vector_norm(z - old) < self.tolerance:
                break
            old = z.detach().clone()
        return z


def total(x: Tensor) -> Tensor:
    previous = torch.zeros(2, 3)
    for turn in range(50):
        row = x[turn]
        if turn != 0:
            row = row + previous
        previous = row
    return previous


def main() -> None:
    print(Spectral()(torch.randn(5, 3, 8, 8)).shape, total(torch.ones(50, 7)).shape)


if __name__ == "__main__":
    main()
