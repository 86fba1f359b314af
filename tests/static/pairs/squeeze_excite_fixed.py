import torch
from jaxtyping import Float
from torch import Tensor, nn


class SqueezeExcite(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.fc = nn.Sequential(nn.Linear(channels, channels // 4), nn.ReLU(), nn.Linear(channels // 4, channels))

    def forward(self, x: Float[Tensor, "b channels h w"]) -> Float[Tensor, "b channels h w"]:
        s = torch.sigmoid(self.fc(x.mean(dim=(2, 3))))
        return x * s[:, :, None, None]


def main() -> None:
    print(SqueezeExcite(8)(torch.randn(2, 8, 5, 6)).shape)


if __name__ == "__main__":
    main()
