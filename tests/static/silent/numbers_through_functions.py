"""Functions called with numbers: names that the call leaves open, on several paths, in loops, with defaults."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Tower(nn.Module):
    def __init__(self, widths: list[int], wide: bool = False) -> None:
        super().__init__()
        layers = []
        for i in range(1, len(widths)):
            layers += [nn.Conv1d(widths[i - 1], widths[i], 3, padding=1), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.wide = wide

    def forward(self, x: Float[Tensor, "b c t"], half: bool = False) -> Float[Tensor, "b d _"]:
        if half:
            y: Float[Tensor, "b d _"] = self.net(x)[:, :2, ::2]
            return y
        z: Float[Tensor, "b d n"] = self.net(x)
        for _ in range(2):
            z = torch.cat([z, z], dim=2)
        w: Float[Tensor, "b d _"] = z if self.wide else z[:, :, :3]
        return w


def pooled(x: Float[Tensor, "b *rest"], keep: int = 1) -> Float[Tensor, "b *rest"] | Float[Tensor, "b"]:
    found: Float[Tensor, "b"] = x.flatten(1).sum(1)
    return found if keep == 1 else x


def main() -> None:
    tower = Tower([3, 5, 7])
    print(tower(torch.randn(2, 3, 16)).shape, tower(torch.randn(4, 3, 8), half=True).shape)
    print(Tower([1, 2], wide=True)(torch.randn(2, 1, 3)).shape)
    print(pooled(torch.randn(2, 3, 4)).shape, pooled(torch.randn(5, 4), keep=0).shape)


if __name__ == "__main__":
    main()
