import torch
from jaxtyping import Float
from torch import Tensor


def covariance(x: Float[Tensor, "b t d"]) -> Float[Tensor, "b d d"]:
    return torch.einsum("btd,bse->bde", x, x) @ x  # BUG


def main() -> None:
    print(covariance(torch.randn(2, 5, 3)).shape)


if __name__ == "__main__":
    main()
