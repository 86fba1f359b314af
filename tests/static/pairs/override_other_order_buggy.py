import torch
from jaxtyping import Float
from torch import Tensor, nn


class Mixer(nn.Module):
    def forward(self, x: Float[Tensor, "batch time width"]) -> Float[Tensor, "batch time width"]:
        raise NotImplementedError


class Shift(Mixer):
    def forward(self, x: Float[Tensor, "batch width time"]) -> Float[Tensor, "batch width time"]:  # BUG
        return torch.roll(x, 1, dims=1)


def run(mixer: Mixer, x: Float[Tensor, "batch time width"]) -> Float[Tensor, "batch width"]:
    return mixer(x).mean(dim=1)


def main() -> None:
    print(run(Shift(), torch.randn(2, 5, 7)).shape, Mixer.forward.__annotations__, Shift.forward.__annotations__)


if __name__ == "__main__":
    main()
