"""What an argument may be decides together with something else: nothing is said of a member alone."""

import torch
from jaxtyping import Float
from torch import Tensor


def pooled(
    x: Float[Tensor, "b t d"] | Float[Tensor, "b t h d"], by_head: bool
) -> Float[Tensor, "b t d"]:
    if by_head:
        x = x.mean(2)
    return x


def ranked(x: Float[Tensor, "b t d"] | Float[Tensor, "b t h d"]) -> Float[Tensor, "b t d"]:
    if x.ndim == 4:
        return x.sum(2)
    return x


def both(
    x: Float[Tensor, "b t d"] | Float[Tensor, "b t h d"], w: Float[Tensor, "d e"] | Float[Tensor, "h d e"]
) -> Float[Tensor, "b t e"] | Float[Tensor, "b t h e"]:
    return torch.einsum("...hd,hde->...he", x, w) if w.ndim == 3 else x @ w


def main() -> None:
    plain, heads = torch.randn(2, 3, 4), torch.randn(2, 3, 5, 4)
    print(pooled(plain, False).shape, pooled(heads, True).shape, ranked(plain).shape, ranked(heads).shape)
    print(both(plain, torch.randn(4, 6)).shape, both(heads, torch.randn(5, 4, 6)).shape)


if __name__ == "__main__":
    main()
