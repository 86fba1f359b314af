import torch
from jaxtyping import Float
from torch import Tensor
import numpy as np


def stats(x: Float[Tensor, "n d"]) -> Float[Tensor, "d"]:
    a = x.detach().cpu().numpy()
    mean = a.mean(axis=0, keepdims=True)
    z = (a - mean) / (a.std(axis=0) + 1e-6)
    assert z.shape == a.shape
    order = np.argsort(z[:, 0])
    return torch.from_numpy(z[order].sum(0)).float()


def main() -> None:
    print(stats(torch.randn(5, 3)).shape)


if __name__ == "__main__":
    main()
