import torch
from jaxtyping import Float
from torch import Tensor


def total(x: Float[Tensor, "b c"]) -> Float[Tensor, "b"]:
    return x.sum(1)


def main() -> None:
    print(total(torch.randn(2, 5)).shape)


if __name__ == "__main__":
    main()
