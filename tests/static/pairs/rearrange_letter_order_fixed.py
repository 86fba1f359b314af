import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor


def tokens(x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b h*w c"]:
    return rearrange(x, "b c h w -> b (h w) c")


def main() -> None:
    print(tokens(torch.randn(2, 3, 4, 5)).shape)


if __name__ == "__main__":
    main()
