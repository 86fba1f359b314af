import torch
from jaxtyping import Bool, Float
from torch import Tensor


def select(x: Float[Tensor, "n d"], keep: Bool[Tensor, "n"]) -> Float[Tensor, "m d"]:
    return x[keep]


def positive(x: Float[Tensor, "n d"]) -> Float[Tensor, "m d"]:
    return select(x, (x.sum(1) > 0).float())  # BUG


def main() -> None:
    print(positive(torch.randn(4, 3)).shape)


if __name__ == "__main__":
    main()
