import torch
from jaxtyping import Float
from torch import Tensor, nn


def to_grid(x: Tensor, layout: str, channels: int) -> Tensor:
    if layout == "flat":
        b, dc, h, w = x.shape
        return x.reshape(b, dc // channels, channels, h, w)
    b, d, c, h, w = x.shape
    return x.permute(0, 1, 2, 3, 4)


def both(x: Float[Tensor, "b d c h w"], layout: str) -> Tensor:
    return to_grid(x, layout, x.shape[2])


def pooled(x: Tensor, keep_time: bool) -> Tensor:
    if keep_time:
        b, t, f = x.shape
        return x.mean(1, keepdim=True).expand(b, t, f)
    b, f = x.shape
    return x.view(b, f)


class Pool(nn.Module):
    def __init__(self, keep_time: bool) -> None:
        super().__init__()
        self.keep_time = keep_time

    def forward(self, x: Float[Tensor, "b f"]) -> Tensor:
        return pooled(x, self.keep_time)


class Grid(nn.Module):
    """The sizes of the grid are the module's; whoever calls it has one of just that size."""

    def __init__(self, resolution: list[int] | None = None) -> None:
        super().__init__()
        if resolution is None:
            resolution = [4, 3, 2]
        self.resolution = resolution

    def forward(self, x: Float[Tensor, "b n c"], grid: Float[Tensor, "b nx ny nz 3"]) -> Float[Tensor, "b c nx ny nz"]:
        nx, ny, nz = self.resolution[0], self.resolution[1], self.resolution[2]
        flat = grid.reshape(grid.shape[0], nx * ny * nz, 3)
        return (x * flat.amax(-1, keepdim=True)).transpose(1, 2).reshape(x.shape[0], x.shape[2], nx, ny, nz)


def main() -> None:
    print(both(torch.zeros(1, 2, 3, 4, 5), "grid").shape, Pool(False)(torch.zeros(2, 3)).shape)
    print(Grid()(torch.zeros(2, 24, 5), torch.zeros(2, 4, 3, 2, 3)).shape)


if __name__ == "__main__":
    main()
