import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor


def attend(
    query: Float[Tensor, "b h t d"],
    key: Float[Tensor, "b h s d"],
    mask: Bool[Tensor, "b 1 t s"] | None = None,
) -> Float[Tensor, "b h t d"]:
    return F.scaled_dot_product_attention(query, key, key, attn_mask=mask)


def cross(
    query: Float[Tensor, "b h t d"],
    memory: Float[Tensor, "b h s d"],
    padding: Bool[Tensor, "b s"] | None = None,
) -> Float[Tensor, "b h t d"]:
    return attend(query, memory, None if padding is None else padding[:, None, None].expand(-1, 1, query.shape[2], -1))


def main() -> None:
    padding = torch.ones(2, 5, dtype=torch.bool)
    print(cross(torch.randn(2, 4, 3, 8), torch.randn(2, 4, 5, 8), padding).shape)


if __name__ == "__main__":
    main()
