import torch
from jaxtyping import Float
from torch import Tensor


def merge(a: Float[Tensor, "n d"], b: Float[Tensor, "m e"]) -> Float[Tensor, "n d"]:
    assert a.shape == b.shape
    return a + b


def merge2(a: Float[Tensor, "n d"], b: Float[Tensor, "m d"]) -> Float[Tensor, "n d"]:
    if a.shape[0] != b.shape[0]:
        raise ValueError("lengths")
    return a * b


def merge3(a: Float[Tensor, "n d"], b: Float[Tensor, "m d"]) -> Float[Tensor, "n d"]:
    if len(a) == len(b):
        return a - b
    return a - b.mean(0)


def main() -> None:
    x = torch.randn(2, 3)
    print(merge(x, x).shape, merge2(x, x).shape, merge3(x, x).shape, merge3(x, x[:1]).shape)


if __name__ == "__main__":
    main()
