import torch
from jaxtyping import Float
from torch import Tensor, nn


class Generator(nn.Module):
    def __init__(self, z: int = 100) -> None:
        super().__init__()
        self.fc = nn.Linear(z, 128 * 7 * 7)
        self.net = nn.Sequential(
            nn.ConvTranspose2d(128, 64, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.ConvTranspose2d(64, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise: Float[Tensor, "b z"]) -> Float[Tensor, "b 1 28 28"]:
        h = self.fc(noise).view(-1, 64, 7, 14)
        return self.net(h)  # BUG


def main() -> None:
    print(Generator()(torch.randn(2, 100)).shape)


if __name__ == "__main__":
    main()
