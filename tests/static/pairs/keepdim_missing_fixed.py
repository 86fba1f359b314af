import torch
from jaxtyping import Float
from torch import Tensor


def normalise(x: Float[Tensor, "batch dim"]) -> Float[Tensor, "batch dim"]:
    return x / x.norm(dim=-1, keepdim=True)


def main() -> None:
    print(normalise(torch.randn(3, 8)).shape)


if __name__ == "__main__":
    main()
