import torch
from jaxtyping import Float
from torch import Tensor


def clip(x: Float[Tensor, "n d"], low: Float[Tensor, "n"]) -> Float[Tensor, "n d"]:
    return torch.where(x < low[:, None], low[:, None], x)


def main() -> None:
    print(clip(torch.randn(4, 3), torch.randn(4)).shape)


if __name__ == "__main__":
    main()
