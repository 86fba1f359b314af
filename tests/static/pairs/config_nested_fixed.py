from dataclasses import dataclass, field

import torch
from jaxtyping import Float
from torch import Tensor, nn


@dataclass
class AudioConfig:
    mels: int = 80


@dataclass
class TextConfig:
    dim: int = 512


@dataclass
class Config:
    audio: AudioConfig = field(default_factory=AudioConfig)
    text: TextConfig = field(default_factory=TextConfig)


class Bridge(nn.Module):
    def __init__(self, cfg: Config) -> None:
        super().__init__()
        self.proj = nn.Linear(cfg.audio.mels, cfg.text.dim)

    def forward(self, mel: Float[Tensor, "b t 80"]) -> Float[Tensor, "b t dim"]:
        return self.proj(mel)


def main() -> None:
    bridge = Bridge(Config())
    print(bridge(torch.randn(2, 7, 80)).shape)


if __name__ == "__main__":
    main()
