import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor


def lm_loss(logits: Float[Tensor, "b t vocab"], ids: Int[Tensor, "b t"]) -> Float[Tensor, ""]:
    flat = logits[:, :-1].flatten(0, 1)
    return F.cross_entropy(flat, ids.flatten())  # BUG


def main() -> None:
    print(lm_loss(torch.randn(2, 5, 8), torch.randint(0, 8, (2, 5))).shape)


if __name__ == "__main__":
    main()
