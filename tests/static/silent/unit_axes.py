import torch
from jaxtyping import Float
from torch import Tensor


def scale(x: Float[Tensor, "b c h w"], g: Float[Tensor, "1 c 1 1"], s: Float[Tensor, "b 1 1 1"]) -> Float[Tensor, "b c h w"]:
    y = x * g + s
    return y - y.mean(dim=(2, 3), keepdim=True)


def main() -> None:
    print(scale(torch.randn(2, 3, 4, 5), torch.randn(1, 3, 1, 1), torch.randn(2, 1, 1, 1)).shape)


if __name__ == "__main__":
    main()
