import torch
from jaxtyping import Bool, Float
from torch import Tensor


def centroid(mask: Bool[Tensor, "h w"]) -> Float[Tensor, "2"]:
    places = mask.nonzero()
    return places.float().mean(0)


def kept(x: Float[Tensor, "n d"], mask: Bool[Tensor, "n"], w: Float[Tensor, "d e"]) -> Float[Tensor, "m e"]:
    return x[mask] @ w


def main() -> None:
    mask = torch.eye(3, dtype=torch.bool)
    print(centroid(mask).shape, kept(torch.zeros(3, 4), mask[0], torch.zeros(4, 2)).shape)


if __name__ == "__main__":
    main()
