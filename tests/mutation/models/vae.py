"""A convolutional variational autoencoder."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Encoder(nn.Module):
    def __init__(self, latent: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 4, stride=2, padding=1)
        self.conv2 = nn.Conv2d(6, 10, 4, stride=2, padding=1)
        self.mean = nn.Linear(10 * 4 * 4, latent)
        self.spread = nn.Linear(10 * 4 * 4, latent)

    def forward(self, image: Float[Tensor, "b 1 16 16"]) -> tuple[Float[Tensor, "b latent"], Float[Tensor, "b latent"]]:
        x: Float[Tensor, "b 10 4 4"] = torch.relu(self.conv2(torch.relu(self.conv1(image))))
        flat: Float[Tensor, "b features"] = x.flatten(start_dim=1)
        return self.mean(flat), self.spread(flat)


class Decoder(nn.Module):
    def __init__(self, latent: int) -> None:
        super().__init__()
        self.grow = nn.Linear(latent, 10 * 4 * 4)
        self.conv1 = nn.ConvTranspose2d(10, 6, 4, stride=2, padding=1)
        self.conv2 = nn.ConvTranspose2d(6, 1, 4, stride=2, padding=1)

    def forward(self, z: Float[Tensor, "b latent"]) -> Float[Tensor, "b 1 16 16"]:
        x = self.grow(z).view(-1, 10, 4, 4)
        half: Float[Tensor, "b 6 8 8"] = torch.relu(self.conv1(x))
        return torch.sigmoid(self.conv2(half))


def sample(mean: Float[Tensor, "b latent"], spread: Float[Tensor, "b latent"]) -> Float[Tensor, "b latent"]:
    return mean + torch.randn_like(mean) * torch.exp(0.5 * spread)


def divergence(mean: Float[Tensor, "b latent"], spread: Float[Tensor, "b latent"]) -> Float[Tensor, "b"]:
    terms: Float[Tensor, "b latent"] = 1 + spread - mean.pow(2) - spread.exp()
    return -0.5 * terms.sum(dim=1)


def rebuilt(guess: Float[Tensor, "b 1 h w"], image: Float[Tensor, "b 1 h w"]) -> Float[Tensor, "b"]:
    pixels: Float[Tensor, "b 1 h w"] = F.binary_cross_entropy(guess, image, reduction="none")
    return pixels.view(pixels.size(0), -1).sum(dim=-1)


class VAE(nn.Module):
    def __init__(self, latent: int) -> None:
        super().__init__()
        self.encoder = Encoder(latent)
        self.decoder = Decoder(latent)

    def forward(self, image: Float[Tensor, "b 1 16 16"]) -> tuple[Float[Tensor, "b 1 16 16"], Float[Tensor, "b"]]:
        mean, spread = self.encoder(image)
        z = sample(mean, spread)
        return self.decoder(z), divergence(mean, spread)


def interpolate(
    start: Float[Tensor, "latent"], end: Float[Tensor, "latent"], steps: Float[Tensor, "n"]
) -> Float[Tensor, "n latent"]:
    return start[None, :] * (1 - steps[:, None]) + end[None, :] * steps[:, None]


def main() -> None:
    model = VAE(5)
    image = torch.rand(3, 1, 16, 16)
    guess, kl = model(image)
    loss: Float[Tensor, "b"] = rebuilt(guess, image) + kl
    loss.mean()
    rebuilt(torch.rand(2, 1, 6, 8), torch.rand(2, 1, 6, 8))
    path = interpolate(torch.zeros(5), torch.ones(5), torch.linspace(0, 1, 7))
    model.decoder(path)
