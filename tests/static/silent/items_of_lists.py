import torch
from torch import Tensor, nn


class Pyramid(nn.Module):
    def up(self, x: Tensor, factor: int, size: tuple[int, int]) -> Tensor:
        b, _, c = x.shape
        h, w = size
        grid = x.transpose(1, 2).reshape(b, c, h, w)
        grid = grid.repeat_interleave(factor, 2).repeat_interleave(factor, 3)
        return grid.reshape(b, c, -1).transpose(1, 2)

    def forward(self, fine: Tensor, middle: Tensor, coarse: Tensor, sizes: list[tuple[int, int]]) -> Tensor:
        _, s2, s3 = sizes
        return fine + self.up(middle, 2, s2) + self.up(coarse, 4, s3)


def widths(sizes: dict[str, int], channels: list[int]) -> Tensor:
    first, last = channels
    left = nn.Linear(sizes["in"], channels[0])
    return left(torch.zeros(1, sizes["in"])) + torch.zeros(first) + torch.zeros(last)[: channels[0]]


def shifted(x: Tensor, window: object) -> Tensor:
    return torch.roll(x, shifts=window.shift, dims=(1, 2))


class Window:
    def __init__(self) -> None:
        self.shift = (1, 2)


def rows(m: Tensor) -> Tensor:
    scale = m.abs().amax(dim=(-2, -1), keepdim=True)
    h = (m / scale)[..., None]
    return h[..., 1, 0, :] + h[..., 1, 2, :]


def main() -> None:
    sizes = [(8, 8), (4, 4), (2, 2)]
    print(Pyramid()(torch.zeros(1, 64, 3), torch.zeros(1, 16, 3), torch.zeros(1, 4, 3), sizes).shape)
    print(widths({"in": 3}, [4, 4]).shape, shifted(torch.zeros(1, 4, 4), Window()).shape, rows(torch.ones(2, 3, 3)).shape)


if __name__ == "__main__":
    main()
