"""Data of any kind is converted by what it is: lists are no arrays."""

from typing import Any

import numpy as np
import torch


def as_tensor(data: Any, dtype: torch.dtype | None = None) -> Any:
    if isinstance(data, torch.Tensor):
        return data.to(dtype=dtype)
    if isinstance(data, np.ndarray):
        if data.dtype.str != "|O":
            return torch.as_tensor(data, dtype=dtype)
    elif isinstance(data, list):
        return [as_tensor(part, dtype) for part in data]
    return data


def edges(pred: torch.Tensor, target: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    either = pred | target
    a, b, _ = as_tensor([pred[None], target[None], either[None]], torch.float32)
    return a, b


def main() -> None:
    a, b = edges(torch.ones(3, 4, dtype=torch.bool), torch.zeros(3, 4, dtype=torch.bool))
    print(a.shape, b.shape, as_tensor(np.zeros((2, 3))).shape)


if __name__ == "__main__":
    main()
