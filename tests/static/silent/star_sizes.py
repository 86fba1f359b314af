import torch
from jaxtyping import Float
from torch import Tensor


def fold(x: Float[Tensor, "*batch n d"]) -> Float[Tensor, "*batch d"]:
    *lead, n, d = x.shape
    flat = x.reshape(-1, n, d)
    out = flat.mean(dim=1)
    return out.view(*lead, d)


def main() -> None:
    print(fold(torch.randn(2, 3, 4, 5)).shape)


if __name__ == "__main__":
    main()
