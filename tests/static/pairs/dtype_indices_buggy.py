import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


def lookup(table: nn.Embedding, ids: Int[Tensor, "b t"]) -> Float[Tensor, "b t d"]:
    return table(ids)


def encode(table: nn.Embedding, logits: Float[Tensor, "b t v"]) -> Float[Tensor, "b t d"]:
    return lookup(table, logits.softmax(-1).amax(-1))  # BUG


def main() -> None:
    print(encode(nn.Embedding(7, 3), torch.randn(2, 4, 7)).shape)


if __name__ == "__main__":
    main()
