from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn


@dataclass
class Rays:
    origins: Float[Tensor, "*n 3"]
    offsets: Float[Tensor, "*n 3"] | None = None

    def points(self) -> Float[Tensor, "*batch 3"]:
        found = self.origins * 2
        if self.offsets is not None:
            found = found + self.offsets
        return found


class Encoding(nn.Module):
    def forward(self, x: Float[Tensor, "*n d"]) -> Float[Tensor, "*n e"]:
        return x


class Field(nn.Module):
    def __init__(self, encoding: Encoding) -> None:
        super().__init__()
        self.encoding = encoding

    def forward(self, rays: Rays) -> Float[Tensor, "*n e"]:
        return self.encoding(rays.points())


def direction(x: Float[Tensor, "n 3"]) -> Float[Tensor, "n 3"]:
    return x


def colours(field: Field, rays: Rays) -> Float[Tensor, "n 3"]:
    return direction(rays.points().reshape(-1, 3))


def main() -> None:
    rays = Rays(torch.zeros(4, 3))
    print(Field(Encoding())(rays).shape, (colours(Field(Encoding()), rays) + torch.zeros(4, 3)).shape)


if __name__ == "__main__":
    main()
