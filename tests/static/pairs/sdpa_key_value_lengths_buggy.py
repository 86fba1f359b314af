import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


def attend(
    q: Float[Tensor, "b h t e"],
    k: Float[Tensor, "b h s e"],
    v: Float[Tensor, "b h s e"],
) -> Float[Tensor, "b h t e"]:
    return F.scaled_dot_product_attention(q, k, q)  # BUG


def main() -> None:
    print(attend(torch.randn(2, 4, 5, 8), torch.randn(2, 4, 7, 8), torch.randn(2, 4, 7, 8)))


if __name__ == "__main__":
    main()
