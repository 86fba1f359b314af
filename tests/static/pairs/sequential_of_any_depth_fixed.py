import torch
from jaxtyping import Float
from torch import Tensor, nn


class Block(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.linear = nn.Linear(width, width)

    def forward(self, x: Float[Tensor, "batch tokens width"]) -> Float[Tensor, "batch tokens width"]:
        return x + self.linear(self.norm(x))


class Encoder(nn.Module):
    def __init__(self, width: int, depth: int) -> None:
        super().__init__()
        self.blocks = nn.Sequential(*[Block(width) for _ in range(depth)])

    def forward(self, x: Float[Tensor, "batch tokens width"]) -> Float[Tensor, "batch width"]:
        return self.blocks(x)[:, 0]


def main() -> None:
    print(Encoder(8, 3)(torch.randn(2, 5, 8)).shape)


if __name__ == "__main__":
    main()
