import torch
from jaxtyping import Float
from torch import Tensor


def lift(x: Float[Tensor, "n d"] | Float[Tensor, "d"]) -> Float[Tensor, "n d"]:
    if x.ndim == 1:
        x = x[None]
    return x * 2


def main() -> None:
    print(lift(torch.randn(3)).shape, lift(torch.randn(2, 3)).shape)


if __name__ == "__main__":
    main()
