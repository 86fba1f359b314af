import torch
from jaxtyping import Float
from torch import Tensor


def norm(x: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
    match x.shape:
        case (n,):
            return x / n
        case (b, n):
            return x / x.sum(1, keepdim=True) * b / n
        case _:
            return x


def main() -> None:
    print(norm(torch.randn(3)).shape, norm(torch.randn(2, 3)).shape)


if __name__ == "__main__":
    main()
