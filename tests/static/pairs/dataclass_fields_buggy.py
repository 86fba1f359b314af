from dataclasses import dataclass

import torch
from jaxtyping import Bool, Int
from torch import Tensor


@dataclass
class Batch:
    tokens: Int[Tensor, "b t"]
    mask: Bool[Tensor, "b t"]


    def lengths(self) -> Int[Tensor, "b"]:
        return self.mask.sum(1)

    def masked(self) -> Int[Tensor, "b t"]:
        return self.tokens * self.mask.T  # BUG


def main() -> None:
    batch = Batch(torch.randint(0, 5, (3, 4)), torch.ones(3, 4, dtype=torch.bool))
    print(batch.lengths().shape, batch.masked().shape)


if __name__ == "__main__":
    main()
