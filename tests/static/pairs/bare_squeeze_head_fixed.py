import torch
from jaxtyping import Float
from torch import Tensor, nn


class Scorer(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.head = nn.Linear(dim, 1)

    def forward(self, x: Float[Tensor, "batch dim"]) -> Float[Tensor, "batch"]:
        return self.head(x).squeeze(-1)


def main() -> None:
    print(Scorer(8)(torch.randn(1, 8)).shape)


if __name__ == "__main__":
    main()
