import torch
from jaxtyping import Float
from torch import Tensor


def whiten(x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    centred = x - x.mean(0)
    cov: Float[Tensor, "d d"] = centred @ centred.T  # BUG
    values, vectors = torch.linalg.eigh(cov / x.shape[0] + torch.eye(cov.shape[0]))
    return centred @ vectors / values.sqrt()  # ALT


def main() -> None:
    print(whiten(torch.randn(6, 3)).shape)


if __name__ == "__main__":
    main()
