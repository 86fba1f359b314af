import torch
from jaxtyping import Float
from torch import Tensor


def energy(q: Float[Tensor, "b h t e"], k: Float[Tensor, "b h s e"]) -> Float[Tensor, "b h t s"]:
    return torch.einsum("bhte,bhse->bhts", q, k)


def main() -> None:
    print(energy(torch.randn(2, 4, 5, 8), torch.randn(2, 4, 7, 8)).shape)


if __name__ == "__main__":
    main()
