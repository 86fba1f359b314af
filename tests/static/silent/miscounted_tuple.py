"""A plain annotation that counts its tensors wrongly is a type checker's affair: it says nothing of shapes."""

import torch
from torch import Tensor


class Base:
    def parts(self, x: Tensor) -> tuple[Tensor, Tensor]:
        raise NotImplementedError


class Three(Base):
    def parts(self, x):
        return x, x + 1, x + 2


def joined(split: Base, x: Tensor) -> Tensor:
    a, b, c = split.parts(x)
    return torch.stack([a, b, c])


def main() -> None:
    print(joined(Three(), torch.zeros(2)).shape)


if __name__ == "__main__":
    main()
