import torch
from torch import Tensor, nn


class Critics(nn.Module):
    def __init__(self, state: int, action: int) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Linear(state + action, 32), nn.ReLU(), nn.Linear(32, 1))
        self.second = nn.Sequential(nn.Linear(state + action, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, state: Tensor, action: Tensor) -> tuple[Tensor, Tensor]:
        both = torch.cat([state, action], -1)
        return self.first(both).squeeze(-1), self.second(both).squeeze(-1)


def main() -> None:
    values = Critics(4, 2)(torch.randn(16, 4), torch.randn(16, 2))
    print(torch.minimum(values[0], values[1]).shape)


if __name__ == "__main__":
    main()
