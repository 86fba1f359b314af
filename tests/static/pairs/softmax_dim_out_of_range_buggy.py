import torch
from jaxtyping import Float
from torch import Tensor


def weights(logits: Float[Tensor, "batch classes"]) -> Float[Tensor, "batch classes"]:
    return logits.softmax(dim=2)  # BUG


def main() -> None:
    print(weights(torch.randn(2, 5)).shape)


if __name__ == "__main__":
    main()
