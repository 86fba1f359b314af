import math

import torch
from jaxtyping import Float
from torch import Tensor


def scores(q: Float[Tensor, "b t d"], k: Float[Tensor, "b s d"]) -> Float[Tensor, "b t s"]:
    return q @ k / math.sqrt(q.shape[-1])  # BUG


def main() -> None:
    print(scores(torch.randn(2, 5, 8), torch.randn(2, 7, 8)).shape)


if __name__ == "__main__":
    main()
