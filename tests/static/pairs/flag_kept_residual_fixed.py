import torch
from jaxtyping import Float
from torch import Tensor, nn


class Block(nn.Module):
    def __init__(self, cin: int, cout: int) -> None:
        super().__init__()
        self.fc = nn.Linear(cin, cout)
        self.residual = cin == cout

    def forward(self, x: Float[Tensor, "n cin"]) -> Float[Tensor, "n cout"]:
        y = self.fc(x)
        if self.residual:
            return y + x
        return y


def main() -> None:
    print(Block(3, 4)(torch.randn(2, 3)).shape)


if __name__ == "__main__":
    main()
