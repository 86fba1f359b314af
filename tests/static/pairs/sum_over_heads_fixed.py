import torch
from jaxtyping import Float
from torch import Tensor, nn


class Heads(nn.Module):
    def __init__(self, dim: int = 8, width: int = 4) -> None:
        super().__init__()
        self.heads = nn.ModuleList([nn.Linear(dim, width) for _ in range(3)])
        self.last = nn.Linear(width, 2)

    def forward(self, x: Float[Tensor, "b dim"]) -> Float[Tensor, "b 2"]:
        mixed = sum(head(x) for head in self.heads)
        return self.last(mixed)


def main() -> None:
    print(Heads()(torch.zeros(2, 8)).shape)


if __name__ == "__main__":
    main()
