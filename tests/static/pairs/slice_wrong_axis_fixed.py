import torch
from jaxtyping import Float
from torch import Tensor


def last_step(h: Float[Tensor, "batch 20 dim"]) -> Float[Tensor, "batch dim"]:
    return h[:, -1]


def main() -> None:
    print(last_step(torch.randn(2, 20, 8)).shape)


if __name__ == "__main__":
    main()
