import torch
from jaxtyping import Float
from torch import Tensor


def prompt(x: Float[Tensor, "b t d"], p: Float[Tensor, "1 k d"]) -> Float[Tensor, "b k+t d"]:
    return torch.cat([p.expand(x.shape[0], -1, -1), x], dim=1)


def main() -> None:
    print(prompt(torch.randn(2, 5, 8), torch.randn(1, 3, 8)).shape)


if __name__ == "__main__":
    main()
