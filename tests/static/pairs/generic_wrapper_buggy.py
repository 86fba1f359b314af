from typing import Generic, TypeVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

T = TypeVar("T", bound=nn.Module)


class Residual(nn.Module, Generic[T]):
    def __init__(self, inner: T) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        return x + self.inner(x)  # ALT


def run(x: Float[Tensor, "b 8"]) -> Float[Tensor, "b 8"]:
    block: Residual[nn.Linear] = Residual[nn.Linear](nn.Linear(8, 4))
    return block(x)  # ALT


def main() -> None:
    print(run(torch.zeros(2, 8)).shape)


if __name__ == "__main__":
    main()
