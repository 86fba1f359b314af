import torch
from jaxtyping import Float
from torch import Tensor


def gram(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"] | None = None) -> Float[Tensor, "..."]:
    if y is None:
        k = x @ x.T
        return k - torch.diag(k.diagonal())
    k = x @ y.T
    if k.shape[0] == k.shape[1]:
        k = k + k.T
    return k


def main() -> None:
    print(gram(torch.randn(3, 2)).shape, gram(torch.randn(3, 2), torch.randn(4, 2)).shape)


if __name__ == "__main__":
    main()
