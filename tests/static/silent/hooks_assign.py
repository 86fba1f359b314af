"""An attribute that a forward hook assigns: what it was at first says nothing of it later."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Tapped(nn.Module):
    def __init__(self, model: nn.Sequential, d: int) -> None:
        super().__init__()
        self.model = model
        self.seen = torch.empty(0)
        self.head = nn.Linear(d, 2)
        self.model[0].register_forward_hook(self._keep)

    def _keep(self, module: nn.Module, given: tuple[Tensor, ...], out: Tensor) -> None:
        self.seen = out

    def forward(self, x: Float[Tensor, "b f"]) -> Float[Tensor, "b 2"]:
        self.model(x)
        return self.head(self.seen)


def main() -> None:
    print(Tapped(nn.Sequential(nn.Linear(3, 5), nn.ReLU()), 5)(torch.randn(4, 3)).shape)


if __name__ == "__main__":
    main()
