import torch
from jaxtyping import Float
from torch import Tensor


def step(
    q: Float[Tensor, "b 1 d"], k: Float[Tensor, "b 1 d"], cache: Float[Tensor, "b past d"]
) -> tuple[Float[Tensor, "b 1 past+1"], Float[Tensor, "b past+1 d"]]:
    grown = torch.cat([cache, k], dim=1)
    return q @ grown.mT, cache  # BUG


def main() -> None:
    a, b = step(torch.randn(2, 1, 8), torch.randn(2, 1, 8), torch.randn(2, 5, 8))
    print(a.shape, b.shape)


if __name__ == "__main__":
    main()
