import torch
from jaxtyping import Float
from torch import Tensor, nn


def conv(cin: int, cout: int, **kwargs) -> nn.Conv2d:
    kwargs.setdefault("padding", 1)
    return nn.Conv2d(cin, cout, 3, **kwargs)


class Net(nn.Module):
    def __init__(self, **kw) -> None:
        super().__init__()
        self.a = conv(3, 8, **kw)
        self.b = conv(8, 8, stride=2)

    def forward(self, x: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b 8 h2 w2"]:
        return self.b(self.a(x))


def main() -> None:
    print(Net(stride=2)(torch.randn(1, 3, 16, 16)).shape)


if __name__ == "__main__":
    main()
