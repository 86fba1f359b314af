import torch
from jaxtyping import Float
from torch import Tensor, nn
from shapetypes import Dim


class Mixer(nn.Module):
    def __init__(self, n_tokens: Dim[int, "t"], width: Dim[int, "d"]) -> None:
        super().__init__()
        self.mix = nn.Linear(width, width)

    def forward(self, x: Float[Tensor, "b t d"]) -> Float[Tensor, "b t d"]:
        return self.mix(x.transpose(1, 2)).transpose(1, 2)  # BUG


def main() -> None:
    print(Mixer(5, 8)(torch.randn(2, 5, 8)).shape)


if __name__ == "__main__":
    main()
