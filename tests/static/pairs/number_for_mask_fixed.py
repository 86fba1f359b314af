import torch
from jaxtyping import Bool, Float
from torch import Tensor


def hide(scores: Float[Tensor, "b n"], mask: Bool[Tensor, "b n"]) -> Float[Tensor, "b n"]:
    return scores.masked_fill(~mask, float("-inf")).softmax(dim=-1)


def main() -> None:
    print(hide(torch.randn(2, 4), torch.ones(2, 4).bool()).shape)


if __name__ == "__main__":
    main()
