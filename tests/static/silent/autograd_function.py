import torch
from jaxtyping import Float
from torch import Tensor


class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x: Float[Tensor, "n d"], w: Float[Tensor, "d k"]) -> Float[Tensor, "n k"]:
        ctx.save_for_backward(x, w)
        return x @ w

    @staticmethod
    def backward(ctx, g: Float[Tensor, "n k"]) -> tuple[Float[Tensor, "n d"], Float[Tensor, "d k"]]:
        x, w = ctx.saved_tensors
        return g @ w.T, x.T @ g


def main() -> None:
    x = torch.randn(2, 3, requires_grad=True)
    y = Double.apply(x, torch.randn(3, 4, requires_grad=True))
    y.sum().backward()
    print(y.shape)


if __name__ == "__main__":
    main()
