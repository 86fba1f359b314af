import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor


def loss(logits: Float[Tensor, "n classes"], labels: Int[Tensor, "n"]) -> Float[Tensor, ""]:
    return F.cross_entropy(logits, F.one_hot(labels, 10))  # BUG


def main() -> None:
    print(loss(torch.randn(4, 10), torch.randint(0, 10, (4,))).shape)


if __name__ == "__main__":
    main()
