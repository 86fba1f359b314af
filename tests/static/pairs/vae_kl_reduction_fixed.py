import torch
from jaxtyping import Float
from torch import Tensor


def kl(mu: Float[Tensor, "b z"], logvar: Float[Tensor, "b z"]) -> Float[Tensor, "b"]:
    each = 1 + logvar - mu.pow(2) - logvar.exp()
    return -0.5 * each.sum(dim=1)


def main() -> None:
    print(kl(torch.randn(4, 3), torch.randn(4, 3)).shape)


if __name__ == "__main__":
    main()
