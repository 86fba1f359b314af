"""A method that the subclass overrides and runs through `super()` gives the attribute its value."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


class Base:
    def __init__(self) -> None:
        self.size = None

    def setup(self, size: int) -> None:
        self.size = (size, size)


class Video(Base):
    def __init__(self) -> None:
        super().__init__()
        self.ready = False

    def setup(self, size: int) -> None:
        super().setup(2 * size)
        self.ready = True

    def run(self, x: Float[Tensor, "b c h w"]) -> Tensor:
        return F.interpolate(x, size=self.size, mode="bilinear")


def main() -> None:
    video = Video()
    video.setup(4)
    print(video.run(torch.ones(1, 3, 8, 8)).shape)


if __name__ == "__main__":
    main()
