from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor, nn


@runtime_checkable
class Scorer(Protocol):
    def __call__(self, query: Float[Tensor, "b 8"], keys: Float[Tensor, "b n 8"]) -> Float[Tensor, "b n"]: ...


class Dot(nn.Module):
    def forward(self, query: Float[Tensor, "b 8"], keys: Float[Tensor, "b n 8"]) -> Float[Tensor, "b n"]:
        return (keys @ query[:, :, None]).squeeze(2)


def best(score: Scorer, query: Float[Tensor, "b 8"], keys: Float[Tensor, "n b 8"]) -> Float[Tensor, "b"]:
    return score(query, keys.transpose(0, 1)).amax(1)


def main() -> None:
    print(best(Dot(), torch.zeros(2, 8), torch.zeros(5, 2, 8)).shape)


if __name__ == "__main__":
    main()
