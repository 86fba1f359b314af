import torch
from jaxtyping import Float
from torch import Tensor, nn


class SpeechFront(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv1d(80, 256, 3, padding=1)

    def forward(self, mel: Float[Tensor, "batch frames 80"]) -> Float[Tensor, "batch frames 256"]:
        h = self.conv(mel.permute(0, 2, 1))
        return torch.relu(h).permute(0, 2, 1)


def main() -> None:
    print(SpeechFront()(torch.randn(4, 100, 80)).shape)


if __name__ == "__main__":
    main()
