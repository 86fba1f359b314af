import torch
from jaxtyping import Float
from torch import Tensor, nn


class Layer(nn.Module):
    def __init__(self, cin: int, cout: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, 1)

    def forward(self, x: Float[Tensor, "b cin h w"]) -> Float[Tensor, "b cout h w"]:
        return self.conv(x)


class Chain(nn.Module):
    def __init__(self, channels: int, widths: list[int]) -> None:
        super().__init__()
        sizes = [channels] + widths

        self.layers = nn.ModuleList([Layer(cin, cout) for cin, cout in zip(sizes[:-1], sizes[1:])])
        self.head = nn.Conv2d(widths[-1], channels, 1)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        out = x
        for layer in self.layers:
            out = layer(out)
        return self.head(out)


class Lateral(nn.Module):
    def __init__(self, inputs: list[int], width: int) -> None:
        super().__init__()
        self.lateral = nn.ModuleList([Layer(c, width) for c in inputs])

    def forward(
        self, fine: Float[Tensor, "b c1 h w"], coarse: Float[Tensor, "b c2 h2 w2"]
    ) -> tuple[Float[Tensor, "b width h w"], Float[Tensor, "b width h2 w2"]]:
        return self.lateral[0](fine), self.lateral[1](coarse)


def main() -> None:
    x = torch.randn(2, 3, 4, 6)
    y = torch.randn(2, 5, 2, 3)
    print(Chain(3, [4, 5])(x).shape, Lateral([3, 5], 7)(x, y)[0].shape)


if __name__ == "__main__":
    main()
