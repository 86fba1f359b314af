import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


def pyramid(x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
    y = F.avg_pool2d(x, 2)
    y = F.interpolate(y, scale_factor=2)
    if y.shape != x.shape:
        y = F.interpolate(y, size=x.shape[-2:])
    return x - y


def main() -> None:
    print(pyramid(torch.randn(1, 2, 5, 6)).shape)


if __name__ == "__main__":
    main()
