import torch
from torch import Tensor, nn


class Net(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.channels = channels
        self.conv = nn.Conv2d(channels, 8, 3)

    def forward(self, images: Tensor) -> Tensor:
        if images.ndim != 4 or images.shape[1] != self.channels:  # ALT
            raise ValueError(f"images of {self.channels} channels are needed, not {tuple(images.shape)}")
        return self.conv(images).mean(dim=(2, 3))


def main() -> None:
    image = torch.rand(3, 32, 32)  # BUG
    print(Net(3)(image).shape)


if __name__ == "__main__":
    main()
