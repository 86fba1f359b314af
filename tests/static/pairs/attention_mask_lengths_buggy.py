import torch
from jaxtyping import Bool, Float
from torch import Tensor


def masked(
    q: Float[Tensor, "b t d"], k: Float[Tensor, "b s d"], keep: Bool[Tensor, "b s"]
) -> Float[Tensor, "b t s"]:
    logits = q @ k.transpose(1, 2)
    return logits.masked_fill(~keep.unsqueeze(2), float("-inf"))  # BUG


def main() -> None:
    print(masked(torch.randn(2, 5, 8), torch.randn(2, 7, 8), torch.ones(2, 7, dtype=torch.bool)).shape)


if __name__ == "__main__":
    main()
