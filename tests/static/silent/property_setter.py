import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Field(nn.Module):
    def __init__(self, n: int) -> None:
        super().__init__()
        self._grid = nn.Parameter(torch.zeros(n, n))

    @property
    def grid(self) -> Tensor:
        return self._grid

    @grid.setter
    def grid(self, value: Tensor) -> None:
        self._grid = nn.Parameter(value)

    def upsample(self) -> None:
        self.grid = F.interpolate(self.grid[None, None], scale_factor=2)[0, 0]

    def forward(self, x: Float[Tensor, "k n2"]) -> Float[Tensor, "k n2"]:
        return x @ self.grid


def main() -> None:
    f = Field(3)
    f.upsample()
    print(f(torch.randn(2, 6)).shape)


if __name__ == "__main__":
    main()
