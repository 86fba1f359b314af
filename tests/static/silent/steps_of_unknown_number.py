"""A call takes one way or another by a size that is not known there: what it was given fits the way that it takes."""

import torch
from torch import Tensor


def single(x: Tensor, reset: Tensor) -> Tensor:
    return x.squeeze(0) * torch.squeeze(reset, 0)[:, None].reshape(x.shape[1], 1)


def unroll(inputs: dict[str, Tensor], reset: Tensor) -> Tensor:
    rows = [x.transpose(0, 1) for x in inputs.values()]
    steps = rows[0].shape[0]
    if steps == 1:
        return reset.view(1, 4).squeeze(0)[:, None] * rows[0].squeeze(0)
    return (reset[..., None] * rows[0]).sum(0)


def main() -> None:
    reset = torch.ones(7, 4)
    print(unroll({"x": torch.zeros(4, 7, 1)}, reset).shape, unroll({"x": torch.zeros(4, 1, 1)}, torch.ones(1, 4)).shape)
    print(single(torch.zeros(1, 4, 2), torch.ones(1, 4)).shape)


if __name__ == "__main__":
    main()
