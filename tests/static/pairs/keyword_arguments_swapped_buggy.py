import torch
from jaxtyping import Float
from torch import Tensor


def interpolate(
    src: Float[Tensor, "b n c"], weights: Float[Tensor, "b m n"]
) -> Float[Tensor, "b m c"]:
    return torch.bmm(weights, src)


def upsample(features: Float[Tensor, "b n c"], w: Float[Tensor, "b m n"]) -> Float[Tensor, "b m c"]:
    return interpolate(src=w, weights=features)  # BUG


def main() -> None:
    print(upsample(torch.randn(2, 5, 8), torch.randn(2, 9, 5)).shape)


if __name__ == "__main__":
    main()
