import torch
from jaxtyping import Float
from torch import Tensor
from crossmod_lib import WIDTH, Tokens


def project(x: Tokens) -> Float[Tensor, "batch time 10"]:
    w = torch.zeros(WIDTH, 10)
    return x @ w


def main() -> None:
    print(project(torch.randn(2, 3, WIDTH)).shape)


if __name__ == "__main__":
    main()
