import torch
from jaxtyping import Float
from torch import Tensor


def total(x: Float["b c", Tensor]) -> Float[Tensor, "b"]:  # BUG
    return x.sum(1)


def main() -> None:
    print(total(torch.randn(2, 5)).shape)


if __name__ == "__main__":
    main()
