import torch
from jaxtyping import Float
from torch import Tensor, nn


class Wav(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(1, 64, 10, stride=5),
            nn.GELU(),
            nn.Conv1d(64, 64, 3, stride=2),
            nn.GELU(),
        )
        self.norm = nn.LayerNorm(64)

    def forward(self, wave: Float[Tensor, "b samples"]) -> Float[Tensor, "b frames 64"]:
        h = self.layers(wave.unsqueeze(1))
        return self.norm(h.transpose(1, 2))


def main() -> None:
    print(Wav()(torch.randn(2, 4000)).shape)


if __name__ == "__main__":
    main()
