import torch
from jaxtyping import Float, Int
from torch import Tensor


def histogram(ids: Int[Tensor, "n"], x: Float[Tensor, "n d"]) -> Float[Tensor, "k d"]:
    values, inverse, counts = torch.unique(ids, return_inverse=True, return_counts=True)
    out = x.new_zeros(len(values), x.shape[1])
    out.index_add_(0, inverse, x)
    return out / counts[:, None]


def main() -> None:
    print(histogram(torch.tensor([1, 2, 1, 5]), torch.randn(4, 3)).shape)


if __name__ == "__main__":
    main()
