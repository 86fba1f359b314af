import torch
from jaxtyping import Float
from torch import Tensor, nn


class Bag(nn.Module):
    def __init__(self, sizes: list[int]) -> None:
        super().__init__()
        for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
            setattr(self, f"layer{i}", nn.Linear(a, b))
        self.n = len(sizes) - 1

    def forward(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n e"]:
        for i in range(self.n):
            x = getattr(self, f"layer{i}")(x)
        return x


def main() -> None:
    print(Bag([4, 5, 6])(torch.randn(2, 4)).shape)


if __name__ == "__main__":
    main()
