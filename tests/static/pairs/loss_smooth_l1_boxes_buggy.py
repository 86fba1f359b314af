import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


def box_loss(pred: Float[Tensor, "n 4"], target: Float[Tensor, "n 4"], weight: Float[Tensor, "n"]) -> Float[Tensor, ""]:
    each = F.smooth_l1_loss(pred, target, reduction="none")
    return (each * weight).sum()  # BUG


def main() -> None:
    print(box_loss(torch.randn(6, 4), torch.randn(6, 4), torch.rand(6)).shape)


if __name__ == "__main__":
    main()
