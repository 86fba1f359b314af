import torch
from jaxtyping import Bool, Float
from torch import Tensor


def update(x: Float[Tensor, "n d"], m: Bool[Tensor, "n"]) -> Float[Tensor, "n d"]:
    y = x.clone()
    y[m] = 0
    y[:, 0] += 1
    y[0] = torch.arange(y.shape[1], dtype=y.dtype)
    y.mul_(2).add_(1)
    y[..., -1:] = 5.0
    y.unsqueeze_(0)
    y.squeeze_(0)
    y.t_()
    return y.t()


def main() -> None:
    print(update(torch.randn(3, 4), torch.tensor([True, False, True])).shape)


if __name__ == "__main__":
    main()
