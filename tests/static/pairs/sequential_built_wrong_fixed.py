import torch
from torch import nn


def build(channels: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels, 8, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(8, 4, 3),
    )


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = build(3)
        self.head = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.body(x).mean((-2, -1)))


def main() -> None:
    print(Net()(torch.zeros(2, 3, 8, 8)).shape)


if __name__ == "__main__":
    main()
