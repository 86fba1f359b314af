import torch
from jaxtyping import Float
from torch import Tensor, nn


class Value(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Linear(12, 1)

    def forward(self, states: Float[Tensor, "env 12"]) -> Float[Tensor, "env 1"]:
        return self.head(states).squeeze(-1)  # BUG


def main() -> None:
    print(Value()(torch.randn(8, 12)).shape)


if __name__ == "__main__":
    main()
