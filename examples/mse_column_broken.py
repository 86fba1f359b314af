# "What is the PyTorch error preventing deep learning model training?"
# Example 2. The trap beside it: a column of N predictions minus N targets is a table of N x N differences.
# Nothing raises, at run time neither: the mean of the wrong table trains a wrong model.

import torch
from torch import Tensor, nn

from shapetypes import Float, shapecheck


@shapecheck
def mse(prediction: Float[Tensor, "N 1"], target: Float[Tensor, "N"]) -> Float[Tensor, ""]:
    error = prediction - target  # BUG: broadcast-surprise
    return error.square().mean()


def main() -> None:
    model = nn.Linear(10, 1)
    print(mse(model(torch.randn(16, 10)), torch.randn(16)).item())


if __name__ == "__main__":
    main()
