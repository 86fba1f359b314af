# "How can I resolve sequence-related ValueError errors when processing input arrays in a PyTorch neural network?"
# Example 2. A batch of grey images has no axis for the channel.
# The text calls `(1, 28, 28)` "batch_size, height, width". Conv2d reads three axes as channels, height, width:
# with one image that goes well by accident, with four it fails.

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(in_channels=1, out_channels=32, kernel_size=3),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=2),
        )

    def forward(self, image: Float[Tensor, "B 28 28"]) -> Float[Tensor, "B 32 13 13"]:
        return self.features(image)  # BUG: dim-mismatch


def main() -> None:
    print(Net()(torch.randn(4, 28, 28)).shape)


if __name__ == "__main__":
    main()
