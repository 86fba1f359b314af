from typing import overload

import torch
from jaxtyping import Float
from torch import Tensor


@overload
def features(x: Float[Tensor, "b 3"]) -> Float[Tensor, "b 4"]: ...
@overload
def features(x: Float[Tensor, "b 5"]) -> Float[Tensor, "b 6"]: ...
def features(x):
    if x.shape[1] == 3:
        return torch.zeros(x.shape[0], 4)
    return torch.zeros(x.shape[0], 6)


def main() -> None:
    print((features(torch.zeros(2, 5)) @ torch.zeros(6, 2)).shape)


if __name__ == "__main__":
    main()
