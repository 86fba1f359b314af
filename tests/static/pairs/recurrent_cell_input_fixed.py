import torch
from jaxtyping import Float
from torch import Tensor, nn


class Controller(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.LSTMCell(20, 40)
        self.out = nn.Linear(40, 20)

    def forward(self, x: Float[Tensor, "b 20"], steps: int) -> Float[Tensor, "b 20"]:
        h = x.new_zeros(x.shape[0], 40)
        c = x.new_zeros(x.shape[0], 40)
        for _ in range(steps):
            h, c = self.cell(x, (h, c))
            x = self.out(h)
        return x


def main() -> None:
    print(Controller()(torch.randn(3, 20), 2).shape)


if __name__ == "__main__":
    main()
