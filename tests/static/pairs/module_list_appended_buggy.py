import torch
from jaxtyping import Float
from torch import Tensor, nn


class Stack(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList()
        for _ in range(4):
            self.layers.append(nn.Conv1d(32, 64, 3, padding=1))

    def forward(self, x: Float[Tensor, "b 32 t"]) -> Float[Tensor, "b 32 t"]:
        for layer in self.layers:
            x = x + layer(x)  # BUG
        return x


def main() -> None:
    print(Stack()(torch.randn(2, 32, 9)).shape)


if __name__ == "__main__":
    main()
