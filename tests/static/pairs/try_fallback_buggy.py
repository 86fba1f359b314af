import torch
from jaxtyping import Float
from torch import Tensor


def solve(a: Float[Tensor, "n n"], b: Float[Tensor, "n k"]) -> Float[Tensor, "n k"]:
    try:
        return torch.linalg.solve(a, b)
    except RuntimeError:
        return b @ torch.linalg.pinv(a)  # BUG


def main() -> None:
    print(solve(torch.zeros(3, 3), torch.randn(3, 2)).shape)


if __name__ == "__main__":
    main()
