import torch
from jaxtyping import Float
from torch import Tensor, nn


class Dense(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Conv2d(16 + 8 * i, 8, 3, padding=1) for i in range(3)])
        self.out = nn.Conv2d(16 + 8 * 3, 4, 1)

    def forward(self, x: Float[Tensor, "b 16 h w"]) -> Float[Tensor, "b 4 h w"]:
        features = [x]
        for layer in self.layers:
            features.append(layer(torch.cat(features, dim=1)))
        return self.out(torch.cat(features, dim=1))


def main() -> None:
    print(Dense()(torch.randn(2, 16, 5, 5)).shape)


if __name__ == "__main__":
    main()
