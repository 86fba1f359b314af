import torch
from jaxtyping import Float
from torch import Tensor


def split_heads(x: Float[Tensor, "b t d"], h: int) -> Float[Tensor, "b h t e"]:
    b, t, d = x.shape
    return x.view(b, t, h, d // h)  # BUG


def merge(x: Float[Tensor, "b t d"]) -> Float[Tensor, "b t d"]:
    b, t, d = x.shape
    heads = split_heads(x, 4)
    return heads.transpose(1, 2).reshape(b, t, d)


def main() -> None:
    print(merge(torch.randn(2, 6, 8)).shape)
    print(split_heads(torch.randn(2, 6, 8), 4).transpose(1, 2).shape)


if __name__ == "__main__":
    main()
