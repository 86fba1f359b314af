import torch
from jaxtyping import Float
from torch import Tensor


def f(x: Float[Tensor, "b t d"], flip: bool = False) -> Float[Tensor, "b t d"]:
    if (n := x.shape[1]) > 3:
        x = x - x.mean(1, keepdim=True) * n
    y = x.flip(1) if flip else x
    z = (y if n else x) @ torch.eye(x.shape[2])
    return z if z.shape == x.shape else z[:, :n]


def main() -> None:
    print(f(torch.randn(2, 5, 3), True).shape)


if __name__ == "__main__":
    main()
