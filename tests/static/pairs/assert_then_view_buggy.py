import torch
from jaxtyping import Float
from torch import Tensor


def blocks(x: Float[Tensor, "b t d"], h: int) -> Float[Tensor, "b h t e"]:
    b, t, d = x.shape
    assert d % h == 0
    return x.view(b, t, h, d // h).permute(0, 2, 3, 1).contiguous().view(b, h, t, t)  # BUG


def main() -> None:
    print(blocks(torch.randn(2, 5, 8), 2).shape)


if __name__ == "__main__":
    main()
