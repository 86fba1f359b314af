import torch
from jaxtyping import Float
from torch import Tensor


def apply(x: Float[Tensor, "b t d"]) -> Float[Tensor, "b t d"]:
    gate = lambda v: torch.sigmoid(v)  # noqa: E731
    return x * gate(x)


def main() -> None:
    print(apply(torch.randn(2, 3, 8)).shape)


if __name__ == "__main__":
    main()
