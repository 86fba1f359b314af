# "What shape mismatch is causing the ValueError in my sequential model?"
# Example 1. From convolutions to a Linear without Flatten, in PyTorch.

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Classifier(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.model = nn.Sequential(
            nn.Conv2d(1, 32, 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Linear(64 * 5 * 5, 10),
        )

    def forward(self, image: Float[Tensor, "B 1 28 28"]) -> Float[Tensor, "B 10"]:
        return self.model(image)  # BUG: dim-mismatch


def main() -> None:
    print(Classifier()(torch.randn(1, 1, 28, 28)).shape)


if __name__ == "__main__":
    main()
