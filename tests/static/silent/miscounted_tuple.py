"""A plain annotation that counts its tensors wrongly is a type checker's affair: it says nothing of shapes."""

import torch
from torch import Tensor, nn


class Base:
    def parts(self, x: Tensor) -> tuple[Tensor, Tensor]:
        raise NotImplementedError

    def size(self) -> tuple[int]:
        raise NotImplementedError


class Three(Base):
    def size(self):
        return (3, 4, 4)

    def parts(self, x):
        return x, x + 1, x + 2


def joined(split: Base, x: Tensor) -> Tensor:
    a, b, c = split.parts(x)
    return torch.stack([a, b, c])


def frame(split: Base) -> Tensor:
    mask = torch.zeros(split.size())
    mask[0, 1::2, 1::2] = 1
    _, h, w = split.size()
    return mask[..., : h * w]


class Guide(nn.Module):
    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return torch.sin(x)


def guided(guide: Guide, x: Tensor) -> Tensor:
    return torch.cos(guide(x))


def main() -> None:
    print(joined(Three(), torch.zeros(2)).shape, frame(Three()).shape)


if __name__ == "__main__":
    main()
