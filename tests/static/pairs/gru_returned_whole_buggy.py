import torch
from jaxtyping import Float
from torch import Tensor, nn


class Encoder(nn.Module):
    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__()
        self.gru = nn.GRU(dim, hidden)

    def forward(self, x: Float[Tensor, "t b dim"]) -> Float[Tensor, "t b hidden"]:
        return self.gru(x)  # BUG


def main() -> None:
    print(Encoder(5, 6)(torch.randn(2, 7, 5)).shape)


if __name__ == "__main__":
    main()
