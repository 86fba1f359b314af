import torch
from jaxtyping import Float
from torch import Tensor, nn
from shapetypes import Dim


class Head(nn.Module):
    def __init__(self, dim: Dim[int, "dim"], classes: Dim[int, "classes"]) -> None:
        super().__init__()
        self.proj = nn.Linear(dim, classes)

    def forward(self, x: Float[Tensor, "batch dim"]) -> Float[Tensor, "batch classes"]:
        return self.proj(x)


def main() -> None:
    print(Head(32, 10)(torch.randn(3, 32)).shape)


if __name__ == "__main__":
    main()
