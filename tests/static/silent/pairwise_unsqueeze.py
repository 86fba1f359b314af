import torch
from jaxtyping import Float
from torch import Tensor


def distances(a: Float[Tensor, "n d"], b: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
    diff = a.unsqueeze(1) - b.unsqueeze(0)
    return diff.pow(2).sum(-1).sqrt()


def same(x: Float[Tensor, "n d"]) -> Float[Tensor, "n n"]:
    return (x[:, None] - x[None]).abs().amax(-1)


def outer(v: Float[Tensor, "n"]) -> Float[Tensor, "n n"]:
    return v[:, None] * v


def main() -> None:
    print(distances(torch.randn(3, 2), torch.randn(4, 2)).shape, same(torch.randn(3, 2)).shape)
    print(outer(torch.randn(3)).shape)


if __name__ == "__main__":
    main()
