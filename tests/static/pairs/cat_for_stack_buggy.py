import torch
from jaxtyping import Float
from torch import Tensor


def views(a: Float[Tensor, "batch dim"], b: Float[Tensor, "batch dim"]) -> Float[Tensor, "batch 2 dim"]:
    return torch.cat([a, b], dim=1)  # BUG


def main() -> None:
    print(views(torch.randn(2, 5), torch.randn(2, 5)).shape)


if __name__ == "__main__":
    main()
