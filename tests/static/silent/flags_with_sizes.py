"""A flag that is only set where two sizes are equal and more is asked for: what it guards may rest on that."""

import torch
from torch import Tensor, nn


class Folded(nn.Module):
    def __init__(self, cin: int, cout: int, identity: bool = False, depth: int = 1) -> None:
        super().__init__()
        self.cin = cin
        self.cout = cout
        if identity and (self.cin == self.cout):
            self.identity = True
        else:
            self.identity = False
        self.plain = not (self.cin != self.cout or depth > 1)
        self.conv = nn.Conv2d(cin, cout, 3, padding=1)

    def weight(self) -> Tensor:
        weight = self.conv.weight
        if self.identity:
            one = torch.zeros(self.cout, self.cout, 3, 3)
            for i in range(self.cout):
                one[i, i, 1, 1] = 1.0
            weight = weight + one
        return weight

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv(x)
        if self.plain:
            return y + self.conv.weight.sum((1, 2, 3))[:, None, None] * self.conv.weight.sum((0, 2, 3))[:, None, None]
        return y


def main() -> None:
    for cin, cout in ((3, 3), (3, 5)):
        block = Folded(cin, cout, identity=True)
        print(block.weight().shape, block(torch.zeros(2, cin, 4, 4)).shape)


if __name__ == "__main__":
    main()
