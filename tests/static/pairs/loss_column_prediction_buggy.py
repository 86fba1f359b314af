import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Regressor(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, x: Float[Tensor, "n 8"]) -> Float[Tensor, "n 1"]:
        return self.net(x)


def step(model: Regressor, x: Float[Tensor, "n 8"], y: Float[Tensor, "n"]) -> Float[Tensor, ""]:
    return F.mse_loss(model(x), y)  # BUG


def main() -> None:
    print(step(Regressor(), torch.randn(4, 8), torch.randn(4)).shape)


if __name__ == "__main__":
    main()
