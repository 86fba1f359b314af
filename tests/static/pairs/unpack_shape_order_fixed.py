import torch
from jaxtyping import Float
from torch import Tensor


def grid(x: Float[Tensor, "batch channels height width"]) -> Float[Tensor, "batch height*width channels"]:
    b, c, h, w = x.shape
    return x.permute(0, 2, 3, 1).reshape(b, h * w, c)


def main() -> None:
    print(grid(torch.randn(2, 3, 4, 5)).shape)


if __name__ == "__main__":
    main()
