import torch
from jaxtyping import Float
from torch import Tensor, nn


class Net(nn.Module):
    def __init__(self, cin: int, cout: int, stride: int = 1, expand: int = 4) -> None:
        super().__init__()
        hidden = cin * expand
        layers = []
        if expand != 1:
            layers += [nn.Conv2d(cin, hidden, 1), nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [
            nn.Conv2d(hidden, hidden, 3, stride, 1, groups=hidden),
            nn.BatchNorm2d(hidden),
            nn.Conv2d(hidden, cout, 1),
        ]
        self.net = nn.Sequential(*layers)
        self.residual = stride == 1 and cin == cout

    def forward(self, x: Float[Tensor, "b cin h w"]) -> Float[Tensor, "b cout h2 w2"]:
        if self.residual:
            return x + self.net(x)
        return self.net(x)


def main() -> None:
    x = torch.randn(1, 8, 6, 6)
    print(Net(8, 8)(x).shape, Net(8, 12, 2)(x).shape, Net(8, 8, expand=1)(x).shape)


if __name__ == "__main__":
    main()
