import torch
from jaxtyping import Float
from torch import Tensor, nn


class Router(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.gate = nn.Linear(32, 4)
        self.w = nn.Parameter(torch.randn(4, 32, 64))

    def forward(self, x: Float[Tensor, "n 32"]) -> Float[Tensor, "n 64"]:
        p = self.gate(x).softmax(-1)
        y = torch.einsum("nd,edh->neh", x, self.w)
        return (p * y).sum(1)  # BUG


def main() -> None:
    print(Router()(torch.randn(5, 32)).shape)


if __name__ == "__main__":
    main()
