import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor


def loss(logits: Float[Tensor, "b t vocab"], labels: Int[Tensor, "b t"]) -> Float[Tensor, ""]:
    flat = logits.reshape(-1, logits.shape[-1])
    return F.cross_entropy(flat, labels)  # BUG


def main() -> None:
    print(loss(torch.randn(4, 6, 10), torch.randint(0, 10, (4, 6))).shape)


if __name__ == "__main__":
    main()
