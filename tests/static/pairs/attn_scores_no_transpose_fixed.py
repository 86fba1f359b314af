import math

import torch
from jaxtyping import Float
from torch import Tensor


def scores(q: Float[Tensor, "b t d"], k: Float[Tensor, "b s d"]) -> Float[Tensor, "b t s"]:
    return q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])


def main() -> None:
    print(scores(torch.randn(2, 5, 8), torch.randn(2, 7, 8)).shape)


if __name__ == "__main__":
    main()
