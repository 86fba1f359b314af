"""Audio: frames by `unfold`, dilated gated convolutions, statistics pooling."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


def frames(wave: Float[Tensor, "b samples"], size: int, hop: int) -> Float[Tensor, "b count size"]:
    return wave.unfold(1, size, hop)


def spectrum(wave: Float[Tensor, "b samples"], size: int, hop: int) -> Float[Tensor, "b bins count"]:
    window: Float[Tensor, "size"] = torch.hann_window(size)
    cut: Float[Tensor, "b count size"] = frames(wave, size, hop) * window
    return torch.fft.rfft(cut, dim=-1).abs().transpose(1, 2)


class Gated(nn.Module):
    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(channels, 2 * channels, 3, padding=dilation, dilation=dilation)
        self.norm = nn.BatchNorm1d(channels)
        self.residual = nn.Conv1d(channels, channels, 1)

    def forward(self, x: Float[Tensor, "b c t"]) -> Float[Tensor, "b c t"]:
        both: Float[Tensor, "b 2*c t"] = self.conv(x)
        gated: Float[Tensor, "b c t"] = F.glu(both, dim=1)
        return x + self.residual(self.norm(gated))


class Pooling(nn.Module):
    """A weighted mean and standard deviation over time."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weigh = nn.Conv1d(channels, 1, kernel_size=1)

    def forward(self, x: Float[Tensor, "b c t"]) -> Float[Tensor, "b 2*c"]:
        weight: Float[Tensor, "b 1 t"] = self.weigh(x).softmax(dim=2)
        mean: Float[Tensor, "b c"] = (x * weight).sum(dim=2)
        rest: Float[Tensor, "b c"] = (x.pow(2) * weight).sum(dim=2) - mean.pow(2)
        return torch.cat([mean, rest.clamp(min=1e-6).sqrt()], dim=1)


class Listener(nn.Module):
    def __init__(self, bins: int, channels: int, speakers: int) -> None:
        super().__init__()
        self.stem = nn.Conv1d(bins, channels, 5, padding=2)
        self.blocks = nn.ModuleList([Gated(channels, 2**i) for i in range(3)])
        self.pooling = Pooling(channels)
        self.norm = nn.LayerNorm(2 * channels)
        self.head = nn.Linear(2 * channels, speakers)

    def forward(self, x: Float[Tensor, "b bins t"]) -> Float[Tensor, "b speakers"]:
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        pooled: Float[Tensor, "b two_c"] = self.norm(self.pooling(x))
        return self.head(pooled)


def similarity(a: Float[Tensor, "n d"], b: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
    return F.normalize(a, dim=-1) @ F.normalize(b, dim=-1).T


def pitch(power: Float[Tensor, "b bins t"], hertz: Float[Tensor, "bins"]) -> Float[Tensor, "b t"]:
    share: Float[Tensor, "b bins t"] = power / power.sum(dim=1, keepdim=True)
    return (share * hertz.view(1, -1, 1)).sum(dim=1)


def main() -> None:
    wave = torch.randn(5, 300)
    power = spectrum(wave, 20, 10)
    model = Listener(11, 8, 6)
    logits = model(power.log1p())
    similarity(logits[:2], logits)
    pitch(power, torch.linspace(0, 8000, 11))
