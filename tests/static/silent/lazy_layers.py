import torch
from jaxtyping import Float
from torch import Tensor, nn


class Lazy(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.LazyConv2d(8, 3)
        self.fc = nn.LazyLinear(5)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b 5"]:
        return self.fc(self.conv(x).flatten(1))


def main() -> None:
    print(Lazy()(torch.randn(1, 2, 6, 6)).shape)


if __name__ == "__main__":
    main()
