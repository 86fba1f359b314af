from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor


def row_scores(x: Float[Tensor, "n d"], w: Float[Tensor, "d"]) -> Float[Tensor, "n"]:
    return x @ w


def run(score: Callable[[Tensor, Tensor], Tensor], x: Float[Tensor, "n d"], w: Float[Tensor, "d"]) -> Tensor:
    return score(x, w)


def main() -> None:
    x, w = torch.randn(4, 3), torch.randn(3)
    score = row_scores
    print(score(w, x).shape)  # BUG
    print(run(row_scores, x, w).shape)


if __name__ == "__main__":
    main()
