"""A U-Net: skips joined by `cat`, upsampling by transposed convolutions, a time embedding."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


def embed(steps: Float[Tensor, "b"], width: int) -> Float[Tensor, "b width"]:
    half = width // 2
    rates: Float[Tensor, "half"] = torch.exp(-torch.arange(half).float() / half)
    angles: Float[Tensor, "b half"] = steps[:, None] * rates[None, :]
    return torch.cat([angles.sin(), angles.cos()], dim=-1)


class Double(nn.Module):
    def __init__(self, cin: int, cout: int, time: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, padding=1)
        self.conv2 = nn.Conv2d(cout, cout, 3, padding=1)
        self.norm = nn.GroupNorm(2, cout)
        self.time = nn.Linear(time, cout)

    def forward(self, x: Float[Tensor, "b cin h w"], t: Float[Tensor, "b time"]) -> Float[Tensor, "b cout h w"]:
        shift: Float[Tensor, "b cout"] = self.time(t)
        x = F.silu(self.conv1(x)) + shift[:, :, None, None]
        return F.silu(self.norm(self.conv2(x)))


class UNet(nn.Module):
    def __init__(self, channels: int, width: int, time: int) -> None:
        super().__init__()
        self.steps = time
        self.down1 = Double(channels, width, time)
        self.down2 = Double(width, width * 2, time)
        self.middle = Double(width * 2, width * 4, time)
        self.up2 = nn.ConvTranspose2d(width * 4, width * 2, 2, stride=2)
        self.merge2 = Double(width * 4, width * 2, time)
        self.up1 = nn.ConvTranspose2d(width * 2, width, 2, stride=2)
        self.merge1 = Double(width * 2, width, time)
        self.out = nn.Conv2d(width, channels, 1)

    def forward(self, x: Float[Tensor, "b c h w"], steps: Float[Tensor, "b"]) -> Float[Tensor, "b c h w"]:
        t: Float[Tensor, "b time"] = embed(steps, self.steps)
        d1: Float[Tensor, "b w1 h w"] = self.down1(x, t)
        d2: Float[Tensor, "b w2 h//2 w//2"] = self.down2(F.max_pool2d(d1, 2), t)
        mid = self.middle(F.max_pool2d(d2, 2), t)
        u2 = self.merge2(torch.cat([self.up2(mid), d2], dim=1), t)
        u1 = self.merge1(torch.cat([self.up1(u2), d1], dim=1), t)
        return self.out(u1)


def noise(
    x: Float[Tensor, "b c h w"], alpha: Float[Tensor, "b"]
) -> tuple[Float[Tensor, "b c h w"], Float[Tensor, "b c h w"]]:
    eps = torch.randn_like(x)
    scale: Float[Tensor, "b 1 1 1"] = alpha.view(-1, 1, 1, 1)
    return scale.sqrt() * x + (1 - scale).sqrt() * eps, eps


def main() -> None:
    model = UNet(3, 6, 10)
    image = torch.randn(7, 3, 16, 24)
    noisy, eps = noise(image, torch.rand(7))
    guess = model(noisy, torch.rand(7))
    F.mse_loss(guess, eps)
