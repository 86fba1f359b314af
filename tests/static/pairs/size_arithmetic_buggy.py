import math

import torch
from jaxtyping import Float
from torch import Tensor


def flat(x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b n"]:
    return x.reshape(x.shape[0], math.prod(x.shape[1:]))


def widen(x: Float[Tensor, "b c h w"], y: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h 2"]:
    pooled = torch.zeros(x.shape[:-2] + torch.Size([1]))  # BUG
    return torch.cat([pooled, y.amax(-1, keepdim=True)], dim=-1)  # ALT


def main() -> None:
    print(flat(torch.zeros(2, 3, 4, 5)).shape, widen(torch.zeros(2, 3, 4, 5), torch.zeros(2, 3, 4, 5)).shape)


if __name__ == "__main__":
    main()
