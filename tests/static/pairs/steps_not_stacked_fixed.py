import torch
from jaxtyping import Float
from torch import Tensor, nn


class Steps(nn.Module):
    def __init__(self, d: int, h: int) -> None:
        super().__init__()
        self.cell = nn.GRUCell(d, h)

    def forward(self, x: Float[Tensor, "t b d"], h: Float[Tensor, "b h"]) -> Float[Tensor, "t b h"]:
        out = []
        for step in x:
            h = self.cell(step, h)
            out.append(h)
        return torch.stack(out)


def main() -> None:
    print(Steps(3, 5)(torch.randn(7, 2, 3), torch.zeros(2, 5)).shape)


if __name__ == "__main__":
    main()
