import torch
from jaxtyping import Float
from torch import Tensor


def rotate(x: Float[Tensor, "b h t e"], cos: Float[Tensor, "t e"], sin: Float[Tensor, "t e"]) -> Float[Tensor, "b h t e"]:
    a, b = x.chunk(2, dim=-1)
    turned = torch.cat([-b, a], dim=-2)
    return x * cos + turned * sin  # BUG


def main() -> None:
    print(rotate(torch.randn(2, 3, 5, 8), torch.randn(5, 8), torch.randn(5, 8)).shape)


if __name__ == "__main__":
    main()
