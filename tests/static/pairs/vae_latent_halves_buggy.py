import torch
from jaxtyping import Float
from torch import Tensor, nn


class Vae(nn.Module):
    def __init__(self, latent: int) -> None:
        super().__init__()
        self.enc = nn.Linear(784, 2 * latent)
        self.dec = nn.Linear(2 * latent, 784)

    def forward(self, x: Float[Tensor, "b 784"]) -> Float[Tensor, "b 784"]:
        mu, logvar = self.enc(x).chunk(2, dim=1)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return torch.sigmoid(self.dec(z))  # BUG


def main() -> None:
    print(Vae(16)(torch.rand(4, 784)).shape)


if __name__ == "__main__":
    main()
