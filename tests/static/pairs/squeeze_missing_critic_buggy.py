import torch
from jaxtyping import Float
from torch import Tensor, nn


class Critic(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(12, 64), nn.Tanh(), nn.Linear(64, 1))

    def forward(self, states: Float[Tensor, "env 12"]) -> Float[Tensor, "env"]:
        return self.body(states)  # BUG


def main() -> None:
    print(Critic()(torch.randn(8, 12)).shape)


if __name__ == "__main__":
    main()
