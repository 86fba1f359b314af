from collections.abc import Generator

import torch
from jaxtyping import Float
from torch import Tensor, nn


def windows(signal: Float[Tensor, "t"], count: int) -> Generator[Float[Tensor, "16"], None, None]:
    for i in range(count):
        yield signal[i * 8 : i * 8 + 16]


def main() -> None:
    net = nn.Linear(16, 4)
    for window in windows(torch.ones(40), 3):
        print(net(window).shape)


if __name__ == "__main__":
    main()
