import torch
import torch.nn.functional as F
from einops import rearrange
from jaxtyping import Float
from torch import Tensor


def windows(x: Float[Tensor, "b 3 50 50"]) -> Float[Tensor, "b n 3 8 8"]:
    x = F.pad(x, (0, 6, 0, 6))
    return rearrange(x, "b c (y p) (x q) -> b (y x) c p q", p=8, q=8)


def main() -> None:
    print(windows(torch.randn(2, 3, 50, 50)).shape)


if __name__ == "__main__":
    main()
