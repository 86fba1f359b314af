import torch
from jaxtyping import Float
from torch import Tensor


def to_images(x: Float[Tensor, "..."]) -> Float[Tensor, "b 3 h w"]:
    if x.ndim == 3:
        return x.unsqueeze(0)
    assert x.ndim == 4
    return x


def main() -> None:
    print(to_images(torch.rand(3, 8, 8)).shape)


if __name__ == "__main__":
    main()
