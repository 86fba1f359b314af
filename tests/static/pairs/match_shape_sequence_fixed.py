import torch
from jaxtyping import Float
from torch import Tensor


def grams(x: Float[Tensor, "b t d"]) -> Float[Tensor, "b d d"]:
    match x.shape:
        case (b, t, d):
            return torch.bmm(x.transpose(1, 2), x) / t
    raise ValueError(x.shape)


def main() -> None:
    print(grams(torch.randn(2, 5, 4)).shape)


if __name__ == "__main__":
    main()
