import torch
from jaxtyping import Float
from torch import Tensor


def centre(boxes: Float[Tensor, "n 4"], scores: Float[Tensor, "n"]) -> Float[Tensor, "4"]:
    kept = scores > 0.5
    weights = scores[kept] / scores[kept].sum()
    weighted = boxes[kept] * weights  # BUG
    return weighted.sum(dim=0)


def main() -> None:
    torch.manual_seed(0)
    print(centre(torch.rand(40, 4), torch.rand(40)).shape)


if __name__ == "__main__":
    main()
