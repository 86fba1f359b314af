import torch
from jaxtyping import Float
from torch import Tensor


def apply(x: Float[Tensor, "b t d"]) -> Float[Tensor, "b t d"]:
    gate = lambda v: v.chunk(2, dim=-1)[0]  # noqa: E731
    return x * gate(x)  # BUG


def main() -> None:
    print(apply(torch.randn(2, 3, 8)).shape)


if __name__ == "__main__":
    main()
