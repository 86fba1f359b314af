import torch
from jaxtyping import Float
from torch import Tensor


def stack(*rows: Float[Tensor, "n d"], **weights: Float[Tensor, " n"]) -> Float[Tensor, "k n d"]:
    out = torch.stack(rows)
    for weight in weights.values():
        out = out * weight[:, None]
    return out


def call(*args, **kwargs):
    return stack(*args, **kwargs)


def main() -> None:
    rows = [torch.zeros(2, 3)] * 2
    print(stack(*rows, left=torch.ones(2), right=torch.ones(2)).shape, call(torch.zeros(1, 2)).shape, stack(*rows).shape)


if __name__ == "__main__":
    main()
