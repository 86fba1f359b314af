import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor


def merge(x: Float[Tensor, "b h t e"]) -> Float[Tensor, "b t h*e"]:
    return rearrange(x, "b h t -> b t h")  # BUG


def main() -> None:
    print(merge(torch.randn(2, 4, 5, 8)).shape)


if __name__ == "__main__":
    main()
