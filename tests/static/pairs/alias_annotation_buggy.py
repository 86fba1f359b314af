import torch
from jaxtyping import Float
from torch import Tensor


Tokens = Float[Tensor, "batch time dim"]
Pooled = Float[Tensor, "batch dim"]


def head(x: Tokens) -> Pooled:
    return x[:, :, 0]  # BUG


def main() -> None:
    print(head(torch.randn(2, 5, 8)).shape)


if __name__ == "__main__":
    main()
