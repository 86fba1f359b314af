import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


def step(g: nn.Module, d: nn.Module, real: Float[Tensor, "b 1 28 28"], z: int) -> tuple[Tensor, Tensor]:
    b = real.size(0)
    ones, zeros = torch.ones(b, 1), torch.zeros(b, 1)
    fake = g(torch.randn(b, z))
    loss_d = F.binary_cross_entropy_with_logits(d(real), ones) + F.binary_cross_entropy_with_logits(d(fake.detach()), zeros)
    loss_g = F.binary_cross_entropy_with_logits(d(fake), ones)
    return loss_d, loss_g


def main() -> None:
    g = nn.Sequential(nn.Linear(5, 784), nn.Unflatten(1, (1, 28, 28)))
    d = nn.Sequential(nn.Flatten(), nn.Linear(784, 1))
    print(step(g, d, torch.randn(3, 1, 28, 28), 5)[0].shape)


if __name__ == "__main__":
    main()
