import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Pyramid(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        widths = [3, 16, 32, 64]
        self.convs = nn.ModuleList(
            [nn.Conv2d(b, a, 3, padding=1) for a, b in zip(widths[:-1], widths[1:])]
        )

    def forward(self, x: Float[Tensor, "b 3 32 32"]) -> Float[Tensor, "b 64 4 4"]:
        for conv in self.convs:
            x = F.max_pool2d(conv(x), 2)  # BUG
        return x


def main() -> None:
    print(Pyramid()(torch.randn(2, 3, 32, 32)).shape)


if __name__ == "__main__":
    main()
