import torch
from jaxtyping import Float
from torch import Tensor


def best_rows(x: Float[Tensor, "b n d"]) -> Float[Tensor, "b d"]:
    return x.max(dim=2).values  # BUG


def main() -> None:
    print(best_rows(torch.randn(2, 5, 3)).shape)


if __name__ == "__main__":
    main()
