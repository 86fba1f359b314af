import torch
from jaxtyping import Float
from torch import Tensor, nn


def partition(x: Float[Tensor, "b h w c"], m: int) -> Float[Tensor, "n m m c"]:
    b, h, w, c = x.shape
    x = x.view(b, h // m, m, w // m, m, c)
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(-1, m, m, c)


def reverse(windows: Float[Tensor, "n m m c"], m: int, h: int, w: int) -> Float[Tensor, "b h w c"]:
    b = int(windows.shape[0] / (h * w / m / m))
    x = windows.view(b, h // m, w // m, m, m, -1)
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(b, h, w, -1)


class Swin(nn.Module):
    def __init__(self, dim: int, window: int, shift: int) -> None:
        super().__init__()
        self.window = window
        self.shift = shift
        self.norm = nn.LayerNorm(dim)

    def forward(self, x: Float[Tensor, "b n dim"], h: int, w: int) -> Float[Tensor, "b n dim"]:
        b, n, c = x.shape
        assert n == h * w
        y = self.norm(x).view(b, h, w, c)
        if self.shift > 0:
            y = torch.roll(y, (-self.shift, -self.shift), dims=(1, 2))
        y = reverse(partition(y, self.window), self.window, h, w)
        return x + y.view(b, h * w, c)


def main() -> None:
    print(Swin(4, 2, 1)(torch.randn(2, 24, 4), 4, 6).shape)


if __name__ == "__main__":
    main()
