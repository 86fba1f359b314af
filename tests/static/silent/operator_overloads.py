import torch
from jaxtyping import Float
from torch import Tensor


class Poly:
    def __init__(self, c: Float[Tensor, "k d"]) -> None:
        self.c = c

    def __matmul__(self, x: Float[Tensor, "n"]) -> Float[Tensor, "n d"]:
        powers = x[:, None] ** torch.arange(self.c.shape[0])
        return powers @ self.c

    def __add__(self, other: "Poly") -> "Poly":
        return Poly(self.c + other.c)

    def __getitem__(self, i: int) -> Float[Tensor, "d"]:
        return self.c[i]

    def __len__(self) -> int:
        return self.c.shape[0]


def main() -> None:
    p = Poly(torch.randn(3, 2)) + Poly(torch.randn(3, 2))
    print((p @ torch.randn(5)).shape, p[0].shape, len(p))


if __name__ == "__main__":
    main()
