import torch
from jaxtyping import Float
from torch import Tensor


def pooled(x: Float[Tensor, "b t d"] | Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
    match x.ndim:
        case 2:
            return x
        case _:
            return x.mean(0)  # BUG


def main() -> None:
    print(pooled(torch.randn(2, 5, 4)).shape)


if __name__ == "__main__":
    main()
