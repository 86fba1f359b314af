# "What is the PyTorch error preventing deep learning model training?"
# Example 1. A colour image.

import torch
from torch import Tensor, nn

from shapetypes import Float, shapecheck


class MyModel(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, kernel_size=3, padding=1)

    @shapecheck
    def forward(self, x: Float[Tensor, "B 3 H W"]) -> Float[Tensor, "B 16 H W"]:
        x = self.conv1(x)
        return torch.relu(x)


def main() -> None:
    model = MyModel()
    colour = torch.randn(1, 3, 28, 28)
    print(model(colour).shape)


if __name__ == "__main__":
    main()
