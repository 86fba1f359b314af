import torch
from jaxtyping import Float
from torch import Tensor


def add_position(x: Float[Tensor, "batch time dim"], bias: Float[Tensor, "batch dim"]) -> Float[Tensor, "batch time dim"]:
    return x + bias.unsqueeze(2)  # BUG


def main() -> None:
    print(add_position(torch.randn(2, 5, 8), torch.randn(2, 8)).shape)


if __name__ == "__main__":
    main()
