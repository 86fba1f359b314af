import torch
from jaxtyping import Float
from torch import Tensor


def best(scores: Float[Tensor, "b n"], boxes: Float[Tensor, "b n 4"]) -> Float[Tensor, "b 5 4"]:
    top = scores.topk(5, dim=1).indices
    return boxes.gather(1, top)  # BUG


def main() -> None:
    print(best(torch.randn(2, 9), torch.randn(2, 9, 4)).shape)


if __name__ == "__main__":
    main()
