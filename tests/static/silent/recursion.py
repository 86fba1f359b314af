import torch
from jaxtyping import Float
from torch import Tensor


def tree_sum(xs: list[Tensor]) -> Tensor:
    if len(xs) == 1:
        return xs[0]
    half = len(xs) // 2
    return tree_sum(xs[:half]) + tree_sum(xs[half:])


def total(x: Float[Tensor, "n d"]) -> Float[Tensor, "d"]:
    return tree_sum(list(x))


def main() -> None:
    print(total(torch.randn(5, 3)).shape)


if __name__ == "__main__":
    main()
