import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Classifier(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(8 * 16 * 16, 10)

    def forward(self, x: Float[Tensor, "n 3 32 32"]) -> Float[Tensor, "n 10"]:
        h = self.pool(F.relu(self.conv(x)))
        h = h.flatten(2)
        return self.fc(h)  # BUG


def main() -> None:
    print(Classifier()(torch.randn(2, 3, 32, 32)).shape)


if __name__ == "__main__":
    main()
