import torch
from jaxtyping import Float
from torch import Tensor, nn


class FeatureNorm(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(128)

    def forward(self, x: Float[Tensor, "batch time 128"]) -> Float[Tensor, "batch time 128"]:
        return self.norm(x)  # BUG


def main() -> None:
    print(FeatureNorm()(torch.randn(4, 128, 50)).shape)  # ALT


if __name__ == "__main__":
    main()
