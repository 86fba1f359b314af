import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


def features(x: Float[Tensor, "b c h w"], scales: tuple[int, ...] = (1, 2, 4)) -> Float[Tensor, "b k"]:
    out = []
    for s in scales:
        y = F.adaptive_avg_pool2d(x, s)
        out.append(y.flatten(1))
    return torch.cat(out, dim=1)


def main() -> None:
    print(features(torch.randn(2, 3, 8, 8)).shape)


if __name__ == "__main__":
    main()
