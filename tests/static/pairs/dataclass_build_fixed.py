from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor


@dataclass
class Rays:
    origins: Float[Tensor, "n 3"]
    directions: Float[Tensor, "n 3"]
    near: Float[Tensor, "n 1"]


def camera_rays(pose: Float[Tensor, "3 4"], dirs: Float[Tensor, "n 3"]) -> Rays:
    rotated = dirs @ pose[:, :3].T
    origin = pose[:, 3].expand(dirs.shape[0], 3)
    return Rays(origin, rotated, torch.zeros(dirs.shape[0], 1))


def main() -> None:
    print(camera_rays(torch.randn(3, 4), torch.randn(5, 3)).near.shape)


if __name__ == "__main__":
    main()
