"""Conditions on sizes that are met, that somebody waits for, or that nothing surely leads to."""

import torch
from torch import Tensor, nn


class Mixer(nn.Module):
    def __init__(self, width: int, heads: int = 4, checked: bool = True) -> None:
        super().__init__()
        if width % heads:
            raise ValueError(f"{width} is not a multiple of {heads}")
        self.width = width
        self.checked = checked
        self.calls = 0

    def forward(self, x: Tensor) -> Tensor:
        if self.checked:
            assert x.shape[-1] == self.width
        self.calls += 1
        assert self.calls * 1 == 1 or self.calls > 1
        return x


def fitting(width: int) -> Mixer:
    for heads in (4, 3, 2, 1):
        try:
            return Mixer(width, heads)
        except ValueError:
            continue
    raise ValueError("no number of heads")


def as_batch(x: Tensor) -> Tensor:
    if x.ndim != 4:
        x = x.unsqueeze(0)
    assert x.ndim == 4
    return x


def pick(x: Tensor, strict: bool) -> Tensor:
    if strict:
        assert x.shape[0] == 4
    return x[:2]


def main(strict: bool = False) -> None:
    print(fitting(30).width, as_batch(torch.zeros(3, 8, 8)).shape, pick(torch.zeros(3), strict).shape)
    mixer = Mixer(32, checked=False)
    for _ in range(2):
        print(mixer(torch.zeros(2, 16)).shape)


if __name__ == "__main__":
    main()
