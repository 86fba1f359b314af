import torch
from jaxtyping import Float
from torch import Tensor, nn


class LowRank(nn.Module):
    def __init__(self, d_in: int, d_out: int, rank: int) -> None:
        super().__init__()
        self.down: Float[nn.Parameter, "rank d_in"] = nn.Parameter(torch.randn(rank, d_in))
        self.up: Float[nn.Parameter, "d_out rank"] = nn.Parameter(torch.zeros(d_out, rank))

    def forward(self, x: Float[Tensor, "n d_in"]) -> Float[Tensor, "n d_out"]:
        return x @ self.down.T @ self.up.T


def main() -> None:
    print(LowRank(10, 6, 2)(torch.randn(3, 10)).shape)


if __name__ == "__main__":
    main()
