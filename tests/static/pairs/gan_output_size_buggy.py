import torch
from jaxtyping import Float
from torch import Tensor, nn


class Generator(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(100, 256, 4),
            nn.ReLU(),
            nn.ConvTranspose2d(256, 64, 4, stride=2),
            nn.ReLU(),
            nn.ConvTranspose2d(64, 3, 4, stride=2, padding=1),
        )

    def forward(self, z: Float[Tensor, "b 100 1 1"]) -> Float[Tensor, "b 3 16 16"]:
        return self.net(z)  # BUG


def main() -> None:
    print(Generator()(torch.randn(2, 100, 1, 1)).shape)


if __name__ == "__main__":
    main()
