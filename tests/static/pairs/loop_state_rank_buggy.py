import torch
from jaxtyping import Float
from torch import Tensor


def scan(x: Float[Tensor, "b t d"], w: Float[Tensor, "d d"]) -> Float[Tensor, "b t d"]:
    h = torch.zeros(x.shape[0], x.shape[2])
    out = []
    for i in range(x.shape[1]):
        h = torch.tanh(x[i] + h @ w)  # BUG
        out.append(h)
    return torch.stack(out, dim=1)


def main() -> None:
    print(scan(torch.randn(2, 5, 8), torch.randn(8, 8)).shape)


if __name__ == "__main__":
    main()
