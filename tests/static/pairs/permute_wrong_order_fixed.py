import torch
from jaxtyping import Float
from torch import Tensor


def to_channels_first(images: Float[Tensor, "batch height width 3"]) -> Float[Tensor, "batch 3 height width"]:
    return images.permute(0, 3, 1, 2)


def main() -> None:
    print(to_channels_first(torch.rand(2, 32, 48, 3)).shape)


if __name__ == "__main__":
    main()
