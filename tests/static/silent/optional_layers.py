import torch
from jaxtyping import Float
from torch import Tensor, nn


class Block(nn.Module):
    def __init__(self, dim: int, norm: bool = True, act: str = "relu") -> None:
        super().__init__()
        self.fc = nn.Linear(dim, dim)
        self.norm = nn.LayerNorm(dim) if norm else None
        self.act = {"relu": nn.ReLU(), "gelu": nn.GELU()}[act]

    def forward(self, x: Float[Tensor, "*b dim"]) -> Float[Tensor, "*b dim"]:
        y = self.fc(x)
        if self.norm is not None:
            y = self.norm(y)
        return x + self.act(y)


def main() -> None:
    print(Block(4)(torch.randn(2, 3, 4)).shape, Block(4, False, "gelu")(torch.randn(4)).shape)


if __name__ == "__main__":
    main()
