import torch
from jaxtyping import Float
from torch import Tensor


def pooled(h: Float[Tensor, "batch time dim"]) -> Float[Tensor, "batch dim"]:
    return h.mean(dim=-1)  # BUG


def main() -> None:
    print(pooled(torch.randn(2, 5, 8)).shape)


if __name__ == "__main__":
    main()
