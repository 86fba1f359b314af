import torch
from jaxtyping import Float
from torch import Tensor


def pick(x: Float[Tensor, "b t d"], i) -> Float[Tensor, "..."]:
    y = x[i]
    return y.sum(-1)


def main() -> None:
    x = torch.randn(2, 3, 4)
    print(pick(x, 0).shape, pick(x, (0, 1)).shape, pick(x, x > 0).shape if False else None)


if __name__ == "__main__":
    main()
