import torch
from jaxtyping import Float
from torch import Tensor


def attend(k: Float[Tensor, "b s d"], q: Float[Tensor, "b t d"]) -> Float[Tensor, "b t s"]:
    return q @ k.transpose(-1, -2)


def use(x: Float[Tensor, "b t d"], y: Float[Tensor, "b s d"]) -> tuple[Float[Tensor, "b t s"], Float[Tensor, "b s t"]]:
    return attend(y, x), attend(q=y, k=x)


def main() -> None:
    a, b = use(torch.randn(2, 3, 4), torch.randn(2, 5, 4))
    print(a.shape, b.shape)


if __name__ == "__main__":
    main()
