import torch
from jaxtyping import Float
from torch import Tensor


def f(x: Float[Tensor, "n d"]) -> Float[Tensor, "n n"]:
    def g(x: Float[Tensor, "d n"]) -> Float[Tensor, "n n"]:
        return x.T @ x

    return g(x.T)


def apply(x: Float[Tensor, "n d"]) -> Float[Tensor, "d n"]:
    n, d = x.T.shape
    return x.T.reshape(n, d)


def main() -> None:
    print(f(torch.randn(3, 4)).shape, apply(torch.randn(3, 4)).shape)


if __name__ == "__main__":
    main()
