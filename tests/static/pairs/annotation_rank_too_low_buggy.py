import torch
from jaxtyping import Float
from torch import Tensor


def pool(tokens: Float[Tensor, "batch time dim"]) -> Float[Tensor, "batch time dim"]:
    return tokens.mean(dim=1)  # BUG


def main() -> None:
    print(pool(torch.randn(2, 5, 8)).shape)


if __name__ == "__main__":
    main()
