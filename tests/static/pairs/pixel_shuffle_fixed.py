import torch
from jaxtyping import Float
from torch import Tensor, nn


class Upscale(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(8, 32, 3, padding=1)
        self.shuffle = nn.PixelShuffle(2)

    def forward(self, x: Float[Tensor, "b 8 h w"]) -> Float[Tensor, "b 8 2*h 2*w"]:
        return self.shuffle(self.conv(x))


def main() -> None:
    print(Upscale()(torch.randn(2, 8, 5, 6)).shape)


if __name__ == "__main__":
    main()
