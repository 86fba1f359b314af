from typing import Literal, overload

import torch
from jaxtyping import Float
from torch import Tensor


@overload
def pool(x: Float[Tensor, "time width"], keep: Literal[True]) -> Float[Tensor, "batch 1 width"]: ...  # BUG


@overload
def pool(x: Float[Tensor, "batch time width"], keep: Literal[False] = False) -> Float[Tensor, "batch width"]: ...


def pool(
    x: Float[Tensor, "batch time width"], keep: bool = False
) -> Float[Tensor, "batch 1 width"] | Float[Tensor, "batch width"]:
    return x.mean(dim=1, keepdim=keep)


def main() -> None:
    print(pool(torch.ones(5, 3), keep=True).shape, pool(torch.ones(2, 5, 3)).shape, FORMS)  # ALT


FORMS = ["batch time width"]


if __name__ == "__main__":
    main()
