import torch
from jaxtyping import Float
from torch import Tensor, nn


class Tower(nn.Module):
    def __init__(self, widths: list[int]) -> None:
        super().__init__()
        layers = []
        for i in range(1, len(widths)):
            layers += [nn.Conv1d(widths[i - 1], widths[i], 3, padding=1), nn.ReLU()]
        self.net = nn.Sequential(*layers)

    def forward(self, x: Float[Tensor, "b c t"]) -> Float[Tensor, "b d t"]:
        y: Float[Tensor, "b t d"] = self.net(x)  # BUG
        return y  # ALT


def main() -> None:
    print(Tower([3, 5, 7])(torch.randn(2, 3, 16)).shape)


if __name__ == "__main__":
    main()
