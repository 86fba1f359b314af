import torch
from jaxtyping import Float
from torch import Tensor, nn


class Encoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(3, 32, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(32, 64, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(32, 128, 3, padding=1),  # ALT
        )

    def forward(self, x: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b 128 h w"]:
        return self.net(x)  # BUG


def main() -> None:
    print(Encoder()(torch.randn(2, 3, 16, 16)).shape)


if __name__ == "__main__":
    main()
