import torch
from jaxtyping import Float
from torch import Tensor, nn


def embed(x: Float[Tensor, "batch 1 28 28"], layer: nn.Linear) -> Float[Tensor, "batch 64"]:
    return layer(torch.flatten(x))  # BUG


def main() -> None:
    print(embed(torch.randn(1, 1, 28, 28), nn.Linear(784, 64)).shape)


if __name__ == "__main__":
    main()
