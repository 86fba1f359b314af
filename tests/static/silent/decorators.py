import functools

import torch
from jaxtyping import Float
from torch import Tensor


def batched(f):
    @functools.wraps(f)
    def wrapper(x, *args):
        lead = x.shape[:-1]
        return f(x.reshape(-1, x.shape[-1]), *args).reshape(*lead, -1)

    return wrapper


@batched
def double(x: Float[Tensor, "n d"]) -> Float[Tensor, "n e"]:
    return torch.cat([x, x], dim=1)


def use(x: Float[Tensor, "a b d"]) -> Float[Tensor, "a b e"]:
    return double(x)


def main() -> None:
    print(use(torch.randn(2, 3, 4)).shape)


if __name__ == "__main__":
    main()
