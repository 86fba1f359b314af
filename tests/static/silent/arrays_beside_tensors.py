import numpy as np
import torch
from torch import Tensor


def scaled(x: Tensor) -> Tensor:
    b, t, c = x.shape
    spectrum = torch.zeros(b, t, 2 * c) * np.sqrt(c)
    return (spectrum * np.float32(2) + torch.from_numpy(np.ones((t, 2 * c)))).transpose(1, 2)


def rotation(degrees: Tensor) -> Tensor:
    angle = degrees * (torch.ones(1).atan() / 45)
    return torch.tensor([[[angle.cos(), angle.sin(), 0], [-angle.sin(), angle.cos(), 0]]])


def doubled(x: Tensor) -> Tensor:
    sigma = torch.tensor(0.1)
    if sigma.shape == (x.shape[0], 1, *x.shape[2:]):
        sigma = torch.cat((sigma, sigma), dim=0)
    return sigma


def main() -> None:
    print(scaled(torch.ones(2, 3, 4)).shape, rotation(torch.tensor(30.0)).shape)
    print(doubled(torch.ones(2, 3, 4)).shape)


if __name__ == "__main__":
    main()
