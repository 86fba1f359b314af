import torch
from jaxtyping import Float
from torch import Tensor


def to_tensor(x: Float[Tensor, "n"] | list[float] | float) -> Float[Tensor, "n"]:
    if isinstance(x, Tensor):
        return x
    if isinstance(x, list):
        return torch.tensor(x)
    return torch.tensor([x])


def main() -> None:
    print(to_tensor(1.0).shape, to_tensor([1.0, 2.0]).shape)


if __name__ == "__main__":
    main()
