import torch
from jaxtyping import Float
from torch import Tensor


def stack_all(*xs: Float[Tensor, "n d"]) -> Float[Tensor, "k n d"]:
    return torch.stack(xs)


def main() -> None:
    print(stack_all(torch.randn(2, 3), torch.randn(2, 3)).shape)


if __name__ == "__main__":
    main()
