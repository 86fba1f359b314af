import torch
from jaxtyping import Float
from torch import Tensor


def matmul_any(a: Float[Tensor, "..."], b: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
    if a.ndim == 1 and b.ndim == 1:
        return (a * b).sum()
    if a.ndim == 1:
        return (a[:, None] * b).sum(0)
    if b.ndim == 1:
        return (a * b).sum(-1)
    return a @ b


def main() -> None:
    print(matmul_any(torch.randn(3), torch.randn(3)).shape, matmul_any(torch.randn(2, 3), torch.randn(3, 4)).shape)


if __name__ == "__main__":
    main()
