# "What is the PyTorch error preventing deep learning model training?"
# Example 2. Both have one axis.

import torch
from torch import Tensor, nn

from shapetypes import Float, shapecheck


@shapecheck
def mse(prediction: Float[Tensor, "N 1"], target: Float[Tensor, "N"]) -> Float[Tensor, ""]:
    error = prediction.squeeze(1) - target
    return error.square().mean()


def main() -> None:
    model = nn.Linear(10, 1)
    print(mse(model(torch.randn(16, 10)), torch.randn(16)).item())


if __name__ == "__main__":
    main()
