import torch
from jaxtyping import Float
from torch import Tensor, nn


class Cell(nn.Module):
    def __init__(self, din: int, hid: int) -> None:
        super().__init__()
        self.hid = hid
        self.cell = nn.GRUCell(din, hid)

    def forward(
        self, x: Float[Tensor, "t b din"], h: Float[Tensor, "b hid"] | None = None
    ) -> tuple[Float[Tensor, "t b hid"], Float[Tensor, "b hid"]]:
        if h is None:
            h = x.new_zeros(x.size(1), self.hid)
        outs = []
        for step in x:
            h = self.cell(step, h)
            outs.append(h)
        return torch.stack(outs), h


def main() -> None:
    y, h = Cell(3, 5)(torch.randn(4, 2, 3))
    print(y.shape, h.shape)


if __name__ == "__main__":
    main()
