from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor


def scorer(w: Float[Tensor, "d k"]) -> Callable[[Tensor], Tensor]:
    def score(x: Float[Tensor, "n d"]) -> Tensor:
        return x @ w

    return score


def main() -> None:
    score = scorer(torch.randn(8, 5))
    print(score(torch.randn(3, 8)).shape)


if __name__ == "__main__":
    main()
