import torch
from jaxtyping import Float
from torch import Tensor, nn


class Head(nn.Module):
    def __init__(self, dim: int, classes: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.fc = nn.Linear(dim, classes)

    def forward(self, tokens: Float[Tensor, "b n dim"]) -> Float[Tensor, "b classes"]:
        return self.fc(self.norm(tokens))  # BUG


def main() -> None:
    print(Head(32, 10)(torch.randn(2, 17, 32)).shape)


if __name__ == "__main__":
    main()
