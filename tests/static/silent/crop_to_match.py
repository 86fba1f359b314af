import torch
from jaxtyping import Float
from torch import Tensor


def crop_add(a: Float[Tensor, "b c h w"], b: Float[Tensor, "b c h2 w2"]) -> Float[Tensor, "b c h3 w3"]:
    h = min(a.shape[2], b.shape[2])
    w = min(a.shape[3], b.shape[3])
    return a[:, :, :h, :w] + b[:, :, :h, :w]


def main() -> None:
    print(crop_add(torch.randn(1, 2, 5, 6), torch.randn(1, 2, 6, 5)).shape)


if __name__ == "__main__":
    main()
