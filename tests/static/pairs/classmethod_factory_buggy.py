import torch
from jaxtyping import Float
from torch import Tensor, nn


class Probe(nn.Module):
    def __init__(self, width: int, out: int) -> None:
        super().__init__()
        self.fc = nn.Linear(width, out)

    @classmethod
    def small(cls) -> "Probe":
        return cls(32, 2)

    def forward(self, x: Float[Tensor, "n width"]) -> Float[Tensor, "n out"]:
        return self.fc(x)


def run(x: Float[Tensor, "n 64"]) -> Float[Tensor, "n 2"]:
    probe = Probe.small()
    return probe(x)  # BUG


def main() -> None:
    print(run(torch.randn(3, 64)).shape)


if __name__ == "__main__":
    main()
