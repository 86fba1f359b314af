import torch
from jaxtyping import Float
from torch import Tensor


def orthogonalise(g: Float[Tensor, "m n"], turns: int = 5) -> Float[Tensor, "m n"]:
    x = g / (g.norm() + 1e-7)
    for _ in range(turns):
        gram = x @ x.T
        x = 3.4 * x + (-4.8 * gram + 2.0 * gram @ gram) @ x
    return x


def main() -> None:
    print(orthogonalise(torch.randn(4, 6)).shape)


if __name__ == "__main__":
    main()
