import torch
from jaxtyping import Float
from torch import Tensor, nn


CFG = [16, "M", 32, "M", 64]


def make_layers(cfg: list[int | str]) -> nn.Sequential:
    layers: list[nn.Module] = []
    cin = 3
    for v in cfg:
        if v == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            assert isinstance(v, int)
            layers += [nn.Conv2d(cin, v, 3, padding=1), nn.ReLU(inplace=True)]
            cin = v
    return nn.Sequential(*layers)


class Vgg(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.features = make_layers(CFG)
        self.fc = nn.Linear(64 * 8 * 8, 10)

    def forward(self, x: Float[Tensor, "b 3 32 32"]) -> Float[Tensor, "b 10"]:
        return self.fc(self.features(x).flatten(1))


def main() -> None:
    print(Vgg()(torch.randn(1, 3, 32, 32)).shape)


if __name__ == "__main__":
    main()
