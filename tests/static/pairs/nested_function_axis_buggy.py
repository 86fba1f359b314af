import torch
from jaxtyping import Float
from torch import Tensor


def kernel_matrix(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
    def sq(v: Tensor) -> Tensor:
        return v.pow(2).sum(0)

    return sq(x)[:, None] + sq(y)[None, :] - 2 * x @ y.T  # BUG


def main() -> None:
    print(kernel_matrix(torch.randn(3, 5), torch.randn(4, 5)).shape)


if __name__ == "__main__":
    main()
