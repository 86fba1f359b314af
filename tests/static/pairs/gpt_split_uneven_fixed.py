import torch
from jaxtyping import Float
from torch import Tensor, nn


class Qkv(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.proj = nn.Linear(width, 3 * width)
        self.width = width

    def forward(self, x: Float[Tensor, "b t width"]) -> Float[Tensor, "b t width"]:
        q, k, v = self.proj(x).split(self.width, dim=-1)
        return q * k + v


def main() -> None:
    print(Qkv(8)(torch.randn(2, 3, 8)).shape)


if __name__ == "__main__":
    main()
