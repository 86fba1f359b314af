import torch
from jaxtyping import Float
from torch import Tensor


def project(x: Float[Tensor, "n d"], w: Float[Tensor, "d k"]) -> Float[Tensor, "n k"]:
    return x @ w


def twice(x: Float[Tensor, "n d"], a: Float[Tensor, "d k"], b: Float[Tensor, "k m"]) -> Float[Tensor, "n m"]:
    return project(project(x, a), b)


def transposed(x: Float[Tensor, "n d"], w: Float[Tensor, "k d"]) -> Float[Tensor, "k n"]:
    return project(w, x.T)


def main() -> None:
    print(twice(torch.randn(2, 3), torch.randn(3, 4), torch.randn(4, 5)).shape)
    print(transposed(torch.randn(2, 3), torch.randn(4, 3)).shape)


if __name__ == "__main__":
    main()
