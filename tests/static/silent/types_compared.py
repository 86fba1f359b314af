"""`type(x) is K` in place of `isinstance(x, K)`: what is handed on is not of every class that is asked for."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn


def is_empty(batch: Tensor | Iterable[Tensor]) -> bool:
    if type(batch) is torch.Tensor:
        return batch.numel() == 0
    return next(iter(batch)).numel() == 0


def width(x: Tensor | tuple[Tensor, Tensor]) -> int:
    if type(x) in (tuple, list):
        return x[0].shape[-1] + x[1].shape[-1]
    return x.shape[-1]


def as_tensor(x: Tensor | list[Tensor]) -> Tensor:
    if x.__class__ == list:
        x = torch.stack(x)
    return x.flatten()


def loss(outputs: Tensor | dict[str, Tensor], kind: nn.Module) -> Tensor:
    if type(outputs) == dict:  # noqa: E721
        outputs = outputs["logits"]
    if type(kind) is nn.Linear and type(outputs) is not torch.Tensor:
        return outputs.values.sum()
    return outputs.sum(dim=-1)


def main() -> None:
    x, y = torch.zeros(2, 3), torch.zeros(2, 4)
    print(is_empty((x, y)), is_empty(x), width((x, y)), width(x), as_tensor([x, x]).shape, as_tensor(x).shape)
    print(loss({"logits": x}, nn.Linear(2, 2)).shape, loss(y, nn.Linear(2, 2)).shape)


if __name__ == "__main__":
    main()
