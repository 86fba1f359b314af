import torch
from einops import reduce
from jaxtyping import Float
from torch import Tensor


def pool(x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c"]:
    return reduce(x, "b c h w -> b c", "mean")


def main() -> None:
    print(pool(torch.randn(2, 3, 4, 5)).shape)


if __name__ == "__main__":
    main()
