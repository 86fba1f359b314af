import torch
from jaxtyping import Float
from torch import Tensor


def prompt(x: Float[Tensor, "b t d"], p: Float[Tensor, "1 k d"]) -> Float[Tensor, "b k+t d"]:
    return torch.cat([p, x], dim=1)  # BUG


def main() -> None:
    print(prompt(torch.randn(2, 5, 8), torch.randn(1, 3, 8)).shape)


if __name__ == "__main__":
    main()
