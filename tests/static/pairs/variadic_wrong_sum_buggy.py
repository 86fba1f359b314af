import torch
from jaxtyping import Float
from torch import Tensor


def expected(weight: Float[Tensor, "*rays s"], depth: Float[Tensor, "*rays s"]) -> Float[Tensor, "*rays"]:
    return (weight * depth).sum(dim=-2)  # BUG


def main() -> None:
    out: Float[Tensor, "4 5"] = expected(torch.rand(4, 5, 6), torch.rand(4, 5, 6))
    print(out.shape)


if __name__ == "__main__":
    main()
