import torch
from jaxtyping import Float
from torch import Tensor, nn


class Adapter(nn.Module):
    def __init__(self, dim: int, rank: int) -> None:
        super().__init__()
        self.down = nn.Linear(dim, rank)
        self.up = nn.Linear(rank, dim)

    def forward(self, x: Float[Tensor, "b t dim"]) -> Float[Tensor, "b t dim"]:
        return x + self.up(self.down(x))


class Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.proj = nn.Linear(64, 96)
        self.adapter = Adapter(64, 8)

    def forward(self, x: Float[Tensor, "b t 64"]) -> Float[Tensor, "b t 96"]:
        return self.adapter(self.proj(x))  # BUG


def main() -> None:
    print(Layer()(torch.randn(2, 5, 64)).shape)


if __name__ == "__main__":
    main()
