import torch
from jaxtyping import Float
from torch import Tensor, nn


class Builder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.proj: nn.Linear | None = None

    def forward(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n 4"]:
        if self.proj is None or self.proj.in_features != x.shape[1]:
            self.proj = nn.Linear(x.shape[1], 4)
        return self.proj(x)


def main() -> None:
    b = Builder()
    print(b(torch.randn(2, 3)).shape, b(torch.randn(2, 5)).shape)


if __name__ == "__main__":
    main()
