import torch
from jaxtyping import Float
from torch import Tensor


def fill(x: Float[Tensor, "b t d"]) -> Float[Tensor, "b 2*t d"]:
    out = x.new_zeros(x.shape[0], 2 * x.shape[1], x.shape[2])
    out[:, ::2] = x
    return out


def main() -> None:
    print(fill(torch.randn(2, 5, 3)).shape)


if __name__ == "__main__":
    main()
