import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor


def loss(logits: Float[Tensor, "b t vocab"], labels: Int[Tensor, "b t"]) -> Float[Tensor, ""]:
    return F.cross_entropy(logits, labels)  # BUG


def main() -> None:
    print(loss(torch.randn(4, 6, 10), torch.randint(0, 10, (4, 6))).shape)


if __name__ == "__main__":
    main()
