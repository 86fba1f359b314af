import torch
from jaxtyping import Float
from torch import Tensor


def similarity(
    queries: Float[Tensor, "q d"], keys: Float[Tensor, "k d"]
) -> Float[Tensor, "q k"]:
    return queries @ keys.T


def main() -> None:
    print(similarity(torch.randn(3, 8), torch.randn(5, 8)).shape)


if __name__ == "__main__":
    main()
