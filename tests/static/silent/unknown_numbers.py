import torch
from torch import Tensor, nn


class Codes(nn.Module):
    def __init__(self, bits=3):
        super().__init__()
        self.count = 2**bits
        powers = 2 ** torch.arange(bits)
        self.register_buffer("codes", torch.arange(self.count)[:, None].bitwise_and(powers) != 0)

    def forward(self, x: Tensor) -> Tensor:
        return self.codes[x].float()


def steps(n: int, share: float) -> Tensor:
    table = torch.zeros(n**2)
    return table[torch.arange(n**2)] + torch.arange(share * n).sum()


def filled(n: int) -> Tensor:
    return torch.full((n,), 2**n) & 1


def main() -> None:
    print(Codes()(torch.tensor([1, 7])).shape, steps(3, 0.5).shape, filled(3).shape)


if __name__ == "__main__":
    main()
