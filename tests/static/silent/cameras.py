import torch
from jaxtyping import Float
from torch import Tensor


def homogeneous(x: Float[Tensor, "*batch n 3"]) -> Float[Tensor, "*batch n 4"]:
    return torch.cat([x, torch.ones_like(x[..., :1])], dim=-1)


def project(
    points: Float[Tensor, "*batch n 3"], extrinsics: Float[Tensor, "*batch 4 4"], k: Float[Tensor, "*batch 3 3"]
) -> Float[Tensor, "*batch n 2"]:
    p = homogeneous(points) @ extrinsics.transpose(-1, -2)
    p = p[..., :3] @ k.mT
    return p[..., :2] / p[..., 2:].clamp_min(1e-6)


def grid(h: int, w: int) -> Float[Tensor, "h w 2"]:
    ys, xs = torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")
    return torch.stack([xs, ys], dim=-1).float()


def main() -> None:
    print(project(torch.randn(2, 5, 3), torch.randn(2, 4, 4), torch.randn(2, 3, 3)).shape, grid(3, 4).shape)


if __name__ == "__main__":
    main()
