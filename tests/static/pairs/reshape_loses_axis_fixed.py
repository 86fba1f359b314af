import torch
from jaxtyping import Float
from torch import Tensor


def patches(images: Float[Tensor, "b 3 64 64"]) -> Float[Tensor, "b 64 192"]:
    b = images.shape[0]
    x = images.reshape(b, 3, 8, 8, 8, 8)
    x = x.permute(0, 2, 4, 1, 3, 5)
    return x.reshape(b, 64, -1)


def main() -> None:
    print(patches(torch.randn(2, 3, 64, 64)).shape)


if __name__ == "__main__":
    main()
