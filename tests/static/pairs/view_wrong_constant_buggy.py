import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Lenet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, 5)
        self.c2 = nn.Conv2d(6, 16, 5)
        self.fc = nn.Linear(256, 10)

    def forward(self, x: Float[Tensor, "batch 1 28 28"]) -> Float[Tensor, "batch 10"]:
        x = F.max_pool2d(F.relu(self.c1(x)), 2)
        x = F.max_pool2d(F.relu(self.c2(x)), 2)
        x = x.view(x.size(0), 16 * 5 * 5)  # BUG
        return self.fc(x)


def main() -> None:
    print(Lenet()(torch.randn(3, 1, 28, 28)).shape)


if __name__ == "__main__":
    main()
