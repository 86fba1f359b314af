import functools
from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor


def averaged(loss: Callable[..., Tensor]) -> Callable[..., Tensor]:
    @functools.wraps(loss)
    def wrapper(*args: Tensor, scale: float = 1.0) -> Tensor:
        return scale * loss(*args).mean()

    return wrapper


@averaged
def squares(prediction: Float[Tensor, "n"], target: Float[Tensor, "n"]) -> Float[Tensor, "n"]:
    return (prediction - target) ** 2


def main() -> None:
    torch.manual_seed(0)
    net = torch.nn.Linear(6, 1)
    x, y = torch.randn(10, 6), torch.randn(10)
    print(squares(net(x), y, scale=0.5))  # BUG


if __name__ == "__main__":
    main()
