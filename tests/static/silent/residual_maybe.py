import torch
from jaxtyping import Float
from torch import Tensor, nn


class Block(nn.Module):
    def __init__(self, cin: int, cout: int) -> None:
        super().__init__()
        self.f = nn.Linear(cin, cout)
        self.skip = nn.Linear(cin, cout) if cin != cout else nn.Identity()

    def forward(self, x: Float[Tensor, "n cin"]) -> Float[Tensor, "n cout"]:
        return self.f(x) + self.skip(x)


class Same(nn.Module):
    def __init__(self, cin: int, cout: int) -> None:
        super().__init__()
        self.f = nn.Linear(cin, cout)
        self.use = cin == cout

    def forward(self, x: Float[Tensor, "n cin"]) -> Float[Tensor, "n cout"]:
        y = self.f(x)
        return y + x if self.use else y


def main() -> None:
    print(Block(3, 4)(torch.randn(2, 3)).shape, Block(3, 3)(torch.randn(2, 3)).shape)
    print(Same(3, 4)(torch.randn(2, 3)).shape, Same(3, 3)(torch.randn(2, 3)).shape)


if __name__ == "__main__":
    main()
