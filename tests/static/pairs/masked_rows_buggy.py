import torch
from jaxtyping import Bool, Float
from torch import Tensor


def kept(x: Float[Tensor, "n d"], mask: Bool[Tensor, "n"], w: Float[Tensor, "d e"]) -> Float[Tensor, "m e"]:
    return x[mask] @ w.T  # BUG


def main() -> None:
    print(kept(torch.zeros(3, 4), torch.tensor([True, False, True]), torch.zeros(4, 2)).shape)


if __name__ == "__main__":
    main()
