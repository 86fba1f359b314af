import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor


def lm_loss(hidden: Float[Tensor, "b t d"], table: Float[Tensor, "vocab d"], ids: Int[Tensor, "b t"]) -> Float[Tensor, ""]:
    logits = hidden @ table.T
    shifted = logits[:, :-1].reshape(-1, table.shape[0])
    return F.cross_entropy(shifted, ids[:, 1:].reshape(-1))


def main() -> None:
    print(lm_loss(torch.randn(2, 5, 8), torch.randn(11, 8), torch.randint(0, 11, (2, 5))).shape)


if __name__ == "__main__":
    main()
