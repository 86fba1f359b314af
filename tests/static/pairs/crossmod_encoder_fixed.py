import torch
from jaxtyping import Float
from torch import Tensor, nn
from crossmod_lib import Encoder, normalise


class Probe(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder(20, 64)
        self.head = nn.Linear(64, 3)

    def forward(self, x: Float[Tensor, "n 20"]) -> Float[Tensor, "n 3"]:
        return self.head(normalise(self.encoder(x)))


def main() -> None:
    print(Probe()(torch.randn(4, 20)).shape)


if __name__ == "__main__":
    main()
