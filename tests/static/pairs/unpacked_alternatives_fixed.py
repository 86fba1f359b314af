import torch
from jaxtyping import Float
from torch import Tensor


def halves(x: Float[Tensor, "b t d"], flip: bool) -> tuple[Tensor, Tensor]:
    if flip:
        return x.transpose(1, 2), x.sum(-1)
    return x, x.mean(1)


def joined(x: Float[Tensor, "b t d"], flip: bool) -> Float[Tensor, "b t d"]:
    whole, part = halves(x, flip)
    if flip:
        whole = whole.transpose(1, 2)
    return whole * part.numel()


def main() -> None:
    print(joined(torch.zeros(2, 3, 4), False).shape)


if __name__ == "__main__":
    main()
