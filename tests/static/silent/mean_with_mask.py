import torch
from jaxtyping import Bool, Float
from torch import Tensor


def masked_mean(x: Float[Tensor, "b t d"], mask: Bool[Tensor, "b t"] | None = None) -> Float[Tensor, "b d"]:
    if mask is None:
        mask = x.new_ones(x.shape[:2], dtype=torch.bool)
    m = mask.unsqueeze(-1).to(x.dtype)
    return (x * m).sum(1) / m.sum(1).clamp(min=1)


def main() -> None:
    print(masked_mean(torch.randn(2, 3, 4)).shape)


if __name__ == "__main__":
    main()
