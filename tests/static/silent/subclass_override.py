import torch
from jaxtyping import Float
from torch import Tensor, nn


class Base(nn.Module):
    width = 8

    def __init__(self) -> None:
        super().__init__()
        self.proj = nn.Linear(self.width, 3)

    def features(self, x: Tensor) -> Tensor:
        return x

    def forward(self, x: Float[Tensor, "n 8"]) -> Float[Tensor, "n 3"]:
        return self.proj(self.features(x))


class Doubled(Base):
    width = 16

    def features(self, x: Tensor) -> Tensor:
        return torch.cat([x, x], dim=-1)


def main() -> None:
    print(Base()(torch.randn(2, 8)).shape, Doubled()(torch.randn(2, 8)).shape)


if __name__ == "__main__":
    main()
