import torch
from jaxtyping import Float
from torch import Tensor


def first_big(xs: list[Float[Tensor, "n d"]], limit: float) -> Float[Tensor, "..."]:
    best = None
    for x in xs:
        if x.numel() == 0:
            continue
        if x.abs().max() > limit:
            best = x
            break
    else:
        best = xs[0].sum(0)
    assert best is not None
    return best


def main() -> None:
    print(first_big([torch.randn(2, 3)], 100.0).shape, first_big([torch.ones(2, 3) * 200], 100.0).shape)


if __name__ == "__main__":
    main()
