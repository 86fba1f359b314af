import torch
from jaxtyping import Float
from torch import Tensor


def project(w: Float[Tensor, "o i"], x: Float[Tensor, "i n"]) -> Float[Tensor, "o n"]:
    return w @ x


def main() -> None:
    print(project(torch.randn(3, 4), torch.randn(4, 5)).shape)


if __name__ == "__main__":
    main()
