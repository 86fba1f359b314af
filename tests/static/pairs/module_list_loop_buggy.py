import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Deep(nn.Module):
    def __init__(self, depth: int) -> None:
        super().__init__()
        self.inp = nn.Linear(20, 64)
        self.layers = nn.ModuleList([nn.Linear(32, 32) for _ in range(depth)])
        self.out = nn.Linear(64, 3)

    def forward(self, x: Float[Tensor, "n 20"]) -> Float[Tensor, "n 3"]:
        h = F.relu(self.inp(x))
        for layer in self.layers:
            h = F.relu(layer(h))  # BUG
        return self.out(h)  # ALT


def main() -> None:
    print(Deep(3)(torch.randn(4, 20)).shape)


if __name__ == "__main__":
    main()
