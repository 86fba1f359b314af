import torch
from jaxtyping import Float
from torch import Tensor


def join(a: Float[Tensor, "batch m"], b: Float[Tensor, "batch n"]) -> Float[Tensor, "batch m+n"]:
    return torch.cat([a, b], dim=1)


def main() -> None:
    print(join(torch.randn(2, 5), torch.randn(2, 8)).shape)


if __name__ == "__main__":
    main()
