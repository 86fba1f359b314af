import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Mlp(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(20, 64)
        self.fc2 = nn.Linear(128, 5)

    def forward(self, x: Float[Tensor, "batch 20"]) -> Float[Tensor, "batch 5"]:
        x = F.gelu(self.fc1(x))
        return self.fc2(x)  # BUG


def main() -> None:
    print(Mlp()(torch.randn(3, 20)).shape)


if __name__ == "__main__":
    main()
