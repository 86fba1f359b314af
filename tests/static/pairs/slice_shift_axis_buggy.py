import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor


def shift(logits: Float[Tensor, "b t v"], targets: Int[Tensor, "b t"]) -> Float[Tensor, ""]:
    inputs = logits[:-1].flatten(0, 1)
    labels = targets[:, 1:].flatten()
    return F.cross_entropy(inputs, labels)  # BUG


def main() -> None:
    print(shift(torch.randn(4, 6, 10), torch.randint(0, 10, (4, 6))).shape)


if __name__ == "__main__":
    main()
