import torch
from jaxtyping import Float
from torch import Tensor


def cov(x: Float[Tensor, "n d"]) -> Float[Tensor, "d d"]:
    if x.shape[0] == 0:
        return torch.eye(x.shape[1])
    x = x - x.mean(0)
    return x.T @ x / x.shape[0]


def main() -> None:
    print(cov(torch.randn(6, 4)).shape)


if __name__ == "__main__":
    main()
