import torch
from jaxtyping import Float
from torch import Tensor


def add(x: Float[Tensor, "#b #t d"], y: Float[Tensor, "#b #t d"]) -> Float[Tensor, "b t d"]:
    return x + y


def lead(x: Float[Tensor, "*#batch d"], y: Float[Tensor, "*#batch d"]) -> Float[Tensor, "*batch d"]:
    return x * y


def main() -> None:
    print(add(torch.randn(1, 3, 4), torch.randn(2, 1, 4)).shape, lead(torch.randn(3, 4), torch.randn(2, 3, 4)).shape)


if __name__ == "__main__":
    main()
