from collections.abc import Callable
from functools import reduce

import torch
from torch import Tensor, nn


def chained(*parts: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    return lambda x: reduce(lambda value, part: part(value), parts, x)  # ALT


def main() -> None:
    net = chained(nn.Linear(8, 16), torch.relu, nn.Linear(8, 4))
    print(net(torch.randn(3, 8)).shape)  # BUG


if __name__ == "__main__":
    main()
