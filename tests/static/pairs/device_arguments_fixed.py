import torch
from jaxtyping import Float
from torch import Tensor, nn


class Positions(nn.Module):
    def __init__(self, longest: int, dim: int) -> None:
        super().__init__()
        self.table = nn.Embedding(longest, dim)

    def forward(self, x: Float[Tensor, "b t dim"]) -> Float[Tensor, "b t dim"]:
        steps = torch.arange(x.shape[1], device=x.device)
        return x + self.table(steps)


def main() -> None:
    print(Positions(9, 4)(torch.randn(2, 5, 4)).shape)


if __name__ == "__main__":
    main()
