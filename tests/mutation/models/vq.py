"""Vector quantisation: 1-d convolutions from a list of strides, nearest codes, functional losses."""

import torch
import torch.nn.functional as F
from einops import einsum, rearrange, reduce
from einops.layers.torch import Rearrange
from jaxtyping import Float, Int
from torch import Tensor, nn


def down(cin: int, cout: int, stride: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv1d(cin, cout, 2 * stride, stride=stride, padding=stride // 2), nn.ELU())


def up(cin: int, cout: int, stride: int) -> nn.Sequential:
    return nn.Sequential(nn.ELU(), nn.ConvTranspose1d(cin, cout, 2 * stride, stride=stride, padding=stride // 2))


class Quantiser(nn.Module):
    codes: Float[Tensor, "k d"]
    usage: Float[Tensor, "k"]

    def __init__(self, k: int, d: int) -> None:
        super().__init__()
        self.register_buffer("codes", torch.randn(k, d))
        self.register_buffer("usage", torch.zeros(k))

    def nearest(self, x: Float[Tensor, "n d"]) -> Int[Tensor, "n"]:
        square: Float[Tensor, "n 1"] = x.pow(2).sum(1, keepdim=True)
        norms: Float[Tensor, "k"] = self.codes.pow(2).sum(dim=1)
        distance: Float[Tensor, "n k"] = square - 2 * x @ self.codes.t() + norms
        return distance.argmin(dim=1)

    def update(self, x: Float[Tensor, "n d"], index: Int[Tensor, "n"]) -> Float[Tensor, "k d"]:
        hot: Float[Tensor, "n k"] = F.one_hot(index, self.codes.shape[0]).type_as(x)
        count: Float[Tensor, "k"] = reduce(hot, "n k -> k", "sum")
        total: Float[Tensor, "k d"] = einsum(hot, x, "n k, n d -> k d")
        self.usage = 0.9 * self.usage + 0.1 * count
        return total / rearrange(count.clamp(min=1.0), "k -> k 1")

    def forward(
        self, z: Float[Tensor, "b d t"]
    ) -> tuple[Float[Tensor, "b d t"], Int[Tensor, "b t"], Float[Tensor, ""]]:
        flat: Float[Tensor, "n d"] = rearrange(z, "b d t -> (b t) d")
        index: Int[Tensor, "n"] = self.nearest(flat)
        chosen = F.embedding(index, self.codes)
        self.update(flat, index)
        chosen = rearrange(chosen, "(b t) d -> b d t", b=z.shape[0])
        loss = F.mse_loss(z, chosen.detach())
        return z + (chosen - z).detach(), index.view(z.shape[0], -1), loss


class Residuals(nn.Module):
    def __init__(self, count: int, k: int, d: int) -> None:
        super().__init__()
        self.steps = nn.ModuleList([Quantiser(k, d) for _ in range(count)])

    def forward(
        self, z: Float[Tensor, "b d t"]
    ) -> tuple[Float[Tensor, "b d t"], Int[Tensor, "count b t"], Float[Tensor, ""]]:
        total = torch.zeros_like(z)
        indices, losses = [], []
        for step in self.steps:
            found, index, loss = step(z - total)
            total = total + found
            indices.append(index)
            losses.append(loss)
        return total, torch.stack(indices), torch.stack(losses).mean()


class Codec(nn.Module):
    def __init__(self, channels: int, width: int, strides: tuple[int, ...] = (2, 4)) -> None:
        super().__init__()
        widths = [width * 2**i for i in range(len(strides) + 1)]
        layers = [nn.Conv1d(channels, width, 7, padding=3)]
        for i, stride in enumerate(strides):
            layers.append(down(widths[i], widths[i + 1], stride))
        self.encoder = nn.Sequential(*layers)
        self.quantiser = Residuals(3, 11, widths[-1])
        back = [up(widths[i + 1], widths[i], stride) for i, stride in reversed(list(enumerate(strides)))]
        self.decoder = nn.Sequential(*back, nn.Conv1d(width, channels, 7, padding=3))

    def forward(self, wave: Float[Tensor, "b c t"]) -> tuple[Float[Tensor, "b c t"], Float[Tensor, ""]]:
        z: Float[Tensor, "b d s"] = self.encoder(wave)
        z, _, loss = self.quantiser(z)
        return self.decoder(z), loss


class Critic(nn.Module):
    def __init__(self, channels: int, period: int) -> None:
        super().__init__()
        self.net = nn.Sequential(
            Rearrange("b c (t p) -> b c t p", p=period),
            nn.Conv2d(channels, 6, (5, 1), stride=(3, 1), padding=(2, 0)),
            nn.LeakyReLU(0.1),
            nn.Conv2d(6, 1, (3, 1), padding=(1, 0)),
            Rearrange("b 1 t p -> b (t p)"),
        )

    def forward(self, wave: Float[Tensor, "b c t"]) -> Float[Tensor, "b score"]:
        return self.net(wave)


def spectral(a: Float[Tensor, "b c t"], b: Float[Tensor, "b c t"], size: int) -> Float[Tensor, "b"]:
    window = torch.hann_window(size)
    left: Float[Tensor, "n f s"] = torch.stft(
        a.flatten(0, 1), size, hop_length=size // 4, window=window, return_complex=True
    ).abs()
    right: Float[Tensor, "n f s"] = torch.stft(
        b.flatten(0, 1), size, hop_length=size // 4, window=window, return_complex=True
    ).abs()
    gap: Float[Tensor, "n"] = (left - right).abs().mean(dim=(1, 2))
    return reduce(gap, "(b c) -> b", "mean", c=a.shape[1])


def main() -> None:
    codec = Codec(2, 5)
    wave = torch.randn(4, 2, 96)
    guess, loss = codec(wave)
    spectral(guess, wave, 16)
    critic = Critic(2, 6)
    real: Float[Tensor, "b score"] = critic(wave)
    F.binary_cross_entropy_with_logits(real, torch.ones_like(real))
