import torch
from jaxtyping import Float
from torch import Tensor, nn


class Layer(nn.Module):
    def __init__(self, din: int, dout: int) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.randn(din, dout))

    def forward(self, x: Float[Tensor, "n din"]) -> Float[Tensor, "n dout"]:
        return x @ self.w


class Pair(nn.Module):
    def __init__(self, din: int, mid: int, dout: int) -> None:
        super().__init__()
        self.a = Layer(din, mid)
        self.b = Layer(mid, dout)

    def forward(self, x: Float[Tensor, "n din"]) -> Float[Tensor, "n dout"]:
        y = self.b(self.a(x))
        return y + x @ self.a.w @ self.b.w


def main() -> None:
    print(Pair(2, 3, 4)(torch.randn(5, 2)).shape)


if __name__ == "__main__":
    main()
