import torch
from jaxtyping import Float
from torch import Tensor, nn


class Hourglass(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.down = nn.ModuleList(nn.Linear(a, b) for a, b in zip((8, 16), (16, 32)))
        self.up = nn.ModuleList(nn.Linear(b, a) for a, b in zip((16, 8), (32, 16)))

    def forward(self, x: Float[Tensor, "b 8"]) -> Float[Tensor, "b 8"]:
        kept = []
        for layer in self.down:
            kept.append(x)
            x = layer(x)
        for layer, skip in zip(self.up, kept):
            x = layer(x) + skip  # ALT
        return x


def main() -> None:
    print(Hourglass()(torch.zeros(2, 8)).shape)


if __name__ == "__main__":
    main()
