import torch
from jaxtyping import Float
from torch import Tensor


def spread(x: Float[Tensor, "d"], shape) -> Tensor:
    y = x.expand((*shape, x.shape[0]))
    z = torch.zeros(tuple(shape) + (3, x.shape[0]))
    return y.unsqueeze(-2) + z


def main() -> None:
    print(spread(torch.randn(4), (2, 5)).shape)


if __name__ == "__main__":
    main()
