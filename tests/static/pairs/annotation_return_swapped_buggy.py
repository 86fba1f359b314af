import torch
from jaxtyping import Float
from torch import Tensor


def similarity(
    queries: Float[Tensor, "q d"], keys: Float[Tensor, "k d"]
) -> Float[Tensor, "k q"]:
    return queries @ keys.T  # BUG


def main() -> None:
    print(similarity(torch.randn(3, 8), torch.randn(5, 8)).shape)


if __name__ == "__main__":
    main()
