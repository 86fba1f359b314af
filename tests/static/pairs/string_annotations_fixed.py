from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor


def weighted(x: Float[Tensor, "n d"], w: Float[Tensor, "n"]) -> Float[Tensor, "d"]:
    return w @ x


def main() -> None:
    print(weighted(torch.randn(4, 3), torch.randn(4)).shape)


if __name__ == "__main__":
    main()
