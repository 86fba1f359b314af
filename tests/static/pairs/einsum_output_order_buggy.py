import torch
from jaxtyping import Float
from torch import Tensor


def relative(q: Float[Tensor, "b h t e"], table: Float[Tensor, "s e"]) -> Float[Tensor, "b h t s"]:
    return torch.einsum("bhte,se->bhst", q, table)  # BUG


def main() -> None:
    print(relative(torch.randn(2, 4, 5, 8), torch.randn(9, 8)).shape)


if __name__ == "__main__":
    main()
