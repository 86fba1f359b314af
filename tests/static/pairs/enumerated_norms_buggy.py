import torch
from jaxtyping import Float
from torch import Tensor, nn


class Stack(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList()
        for i in range(3):
            self.layers.append(nn.Linear(8 if i == 0 else 16, 16))
        self.norms = nn.ModuleList([nn.LayerNorm(8) for _ in range(3)])

    def forward(self, x: Float[Tensor, "b 8"]) -> Float[Tensor, "b 16"]:
        for i, layer in enumerate(self.layers):
            x = self.norms[i](layer(x))  # ALT
        return x


def main() -> None:
    print(Stack()(torch.zeros(2, 8)).shape)


if __name__ == "__main__":
    main()
