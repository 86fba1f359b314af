import torch
from jaxtyping import Float
from torch import Tensor


def bilinear(x: Float[Tensor, "b i"], w: Float[Tensor, "o i j"], y: Float[Tensor, "b j"]) -> Float[Tensor, "b o"]:
    return torch.einsum("bi,oij,bj->bo", x, w, y)


def main() -> None:
    print(bilinear(torch.randn(2, 3), torch.randn(4, 3, 5), torch.randn(2, 5)).shape)


if __name__ == "__main__":
    main()
