import torch
from jaxtyping import Float
from torch import Tensor, nn


class GraphConv(nn.Module):
    def __init__(self, din: int, dout: int) -> None:
        super().__init__()
        self.lin = nn.Linear(din, dout)

    def forward(self, x: Float[Tensor, "n din"], adj: Float[Tensor, "n n"]) -> Float[Tensor, "n dout"]:
        return adj @ self.lin(x)


def main() -> None:
    print(GraphConv(5, 7)(torch.randn(4, 5), torch.rand(4, 4)).shape)


if __name__ == "__main__":
    main()
