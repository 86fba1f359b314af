import torch
from jaxtyping import Float
from torch import Tensor


def row_max(x: Float[Tensor, "n m"]) -> Float[Tensor, "n"]:
    return x.amax(dim=1)


def main() -> None:
    print(row_max(torch.randn(3, 8)).shape)


if __name__ == "__main__":
    main()
