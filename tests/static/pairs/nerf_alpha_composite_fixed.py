import torch
from jaxtyping import Float
from torch import Tensor


def composite(rgb: Float[Tensor, "*batch n 3"], sigma: Float[Tensor, "*batch n"]) -> Float[Tensor, "*batch 3"]:
    alpha = 1 - torch.exp(-sigma)
    return (alpha[..., None] * rgb).sum(dim=-2)


def main() -> None:
    print(composite(torch.rand(2, 4, 9, 3), torch.rand(2, 4, 9)).shape)


if __name__ == "__main__":
    main()
