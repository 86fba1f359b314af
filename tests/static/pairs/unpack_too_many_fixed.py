import torch
from jaxtyping import Float
from torch import Tensor


def size_of(x: Float[Tensor, "batch time dim"]) -> Float[Tensor, "batch time"]:
    b, h, w = x.shape
    return x.reshape(b * h, w).sum(-1).reshape(b, h)


def main() -> None:
    print(size_of(torch.randn(2, 3, 4)).shape)


if __name__ == "__main__":
    main()
