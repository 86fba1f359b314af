import torch
from jaxtyping import Float
from torch import Tensor


def mix(p: Float[Tensor, "b t s"], v: Float[Tensor, "b s d"]) -> Float[Tensor, "b t d"]:
    return torch.bmm(p, v.transpose(1, 2))  # BUG


def main() -> None:
    print(mix(torch.randn(2, 5, 7), torch.randn(2, 7, 8)).shape)


if __name__ == "__main__":
    main()
