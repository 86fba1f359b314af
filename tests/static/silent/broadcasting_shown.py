"""Axes of size 1 that a tensor was made with, to be spread over another."""

import numpy as np
import tensorflow as tf
import torch


def tensors() -> list[torch.Tensor]:
    column, row = torch.ones(3, 1), torch.ones(3)
    table = torch.tensor([[1], [2], [3]])
    steps = torch.arange(3).reshape((3, 1))
    return [column + row, column * row, table * torch.tensor([1, 2, 3]), table / row, steps + torch.arange(3)]


def arrays() -> np.ndarray:
    column = np.arange(3).reshape(-1, 1)
    return np.ones((3, 1)) * np.ones(3) + column * np.arange(3) + column


def tensorflow() -> tf.Tensor:
    return tf.constant([[1], [2], [3]]) * tf.constant([1, 2, 3])


def outer(n: int) -> bool:
    u, v = torch.randn(n, 1), torch.randn(n)
    return torch.allclose(u * v, torch.outer(u[:, 0], v))


def main() -> None:
    print([x.shape for x in tensors()], arrays().shape, tensorflow().shape, outer(4))
