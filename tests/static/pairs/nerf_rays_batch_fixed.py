import torch
from jaxtyping import Float
from torch import Tensor


def points(
    origins: Float[Tensor, "*batch 3"], dirs: Float[Tensor, "*batch 3"], depths: Float[Tensor, "*batch n"]
) -> Float[Tensor, "*batch n 3"]:
    return origins[..., None, :] + dirs[..., None, :] * depths[..., None]


def main() -> None:
    print(points(torch.randn(2, 4, 3), torch.randn(2, 4, 3), torch.rand(2, 4, 9)).shape)


if __name__ == "__main__":
    main()
