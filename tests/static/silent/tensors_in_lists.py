import torch
from jaxtyping import Float
from torch import Tensor


def split_sum(x: Float[Tensor, "n d"], sizes: list[int]) -> Float[Tensor, "k d"]:
    parts = x.split(sizes)
    return torch.stack([p.sum(0) for p in parts])


def halves(x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    a, b = x.tensor_split(2, dim=0)
    c, d = x.split([x.shape[1] // 2, x.shape[1] - x.shape[1] // 2], dim=1)
    return torch.cat([a, b]) + torch.cat([c, d], dim=1)


def main() -> None:
    print(split_sum(torch.randn(6, 3), [2, 4]).shape, halves(torch.randn(5, 3)).shape)


if __name__ == "__main__":
    main()
