import torch
from torch import Tensor, nn


class Encoder(nn.Module):
    def __init__(self, bands: int, frames: int, width: int) -> None:
        super().__init__()
        self.reduce = nn.Conv1d(bands, width, kernel_size=3, stride=2, padding=1)
        self.register_buffer("places", torch.randn(frames, width))

    def forward(self, x: Tensor) -> Tensor:
        x = self.reduce(x).permute(0, 2, 1)
        assert x.shape[1:] == self.places.shape, "incorrect audio shape"
        return x + self.places


def main() -> None:
    encoder = Encoder(80, 1500, 64)
    spectrogram = torch.randn(1, 80, 3000)
    print(encoder(spectrogram).shape)


if __name__ == "__main__":
    main()
