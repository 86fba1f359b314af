import torch
from torch import Tensor


def plain(value):
    if hasattr(value, "item"):
        return value.item()
    if hasattr(value, "__getitem__"):
        return value[0]
    return value


def total(x: Tensor) -> float:
    return plain(x.sum()) + plain(2.0) + plain([1.0])


def by_cubes(x):
    channels, size = x.shape[1], 2
    cube = x.new_zeros((1, channels, size))
    for i in range(x.shape[2] // size):
        cube[i % 1] = x[:, :, i * size : (i + 1) * size]
    return cube


def main() -> None:
    print(total(torch.ones(3)), by_cubes(torch.ones(1, 3, 4)).shape)


if __name__ == "__main__":
    main()
