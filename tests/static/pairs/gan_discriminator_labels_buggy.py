import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Discriminator(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.LeakyReLU(0.2), nn.Linear(128, 1))

    def forward(self, x: Float[Tensor, "b 1 28 28"]) -> Float[Tensor, "b 1"]:
        return self.net(x)


def real_loss(d: Discriminator, x: Float[Tensor, "b 1 28 28"]) -> Float[Tensor, ""]:
    labels = torch.ones(x.shape[0])
    return F.binary_cross_entropy_with_logits(d(x), labels)  # BUG


def main() -> None:
    print(real_loss(Discriminator(), torch.randn(3, 1, 28, 28)).shape)


if __name__ == "__main__":
    main()
