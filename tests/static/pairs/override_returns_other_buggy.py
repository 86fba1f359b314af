import torch
from jaxtyping import Float
from torch import Tensor


class Kernel:
    def matrix(self, a: Float[Tensor, "*batch n d"], b: Float[Tensor, "*batch m d"]) -> Float[Tensor, "*batch n m"]:
        raise NotImplementedError

    def solve(self, a: Float[Tensor, "*batch n d"], b: Float[Tensor, "*batch n k"]) -> Float[Tensor, "*batch d k"]:
        return a.mT @ b


class Linear(Kernel):
    def matrix(
        self, a: Float[Tensor, "*batch n d"], b: Float[Tensor, "*batch m d"]
    ) -> Float[Tensor, "*batch m n"]:  # BUG
        return b @ a.mT


class Constant(Kernel):
    def solve(self, a: Float[Tensor, "*batch n d"], b: Float[Tensor, "*batch n k"]) -> Float[Tensor, "*batch d k"]:
        return torch.zeros(*a.shape[:-2], a.shape[-1], b.shape[-1])


def main() -> None:
    print(Linear().matrix(torch.randn(2, 5, 3), torch.randn(2, 4, 3)).shape)
    print(Constant().solve(torch.randn(2, 5, 3), torch.randn(2, 5, 4)).shape)


if __name__ == "__main__":
    main()
