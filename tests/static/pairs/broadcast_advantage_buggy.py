import torch
from jaxtyping import Float
from torch import Tensor


def advantage(returns: Float[Tensor, "batch"], values: Float[Tensor, "batch 1"]) -> Float[Tensor, ""]:
    return (returns - values).pow(2).mean()  # BUG


def main() -> None:
    print(advantage(torch.randn(4), torch.randn(4, 1)))


if __name__ == "__main__":
    main()
