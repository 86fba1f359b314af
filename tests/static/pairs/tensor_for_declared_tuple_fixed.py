import torch
from jaxtyping import Float
from torch import Tensor, nn


class Gaussian(nn.Module):
    def __init__(self, d: int, latent: int) -> None:
        super().__init__()
        self.both = nn.Linear(d, 2 * latent)
        self.latent = latent

    def forward(
        self, x: Float[Tensor, "b d"]
    ) -> tuple[Float[Tensor, "b {self.latent}"], Float[Tensor, "b {self.latent}"]]:
        return self.both(x).chunk(2, dim=1)


def main() -> None:
    mean, scale = Gaussian(3, 2)(torch.randn(4, 3))
    print(mean.shape, scale.shape)


if __name__ == "__main__":
    main()
