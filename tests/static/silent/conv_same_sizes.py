import torch
from jaxtyping import Float
from torch import Tensor, nn


class Stem(nn.Module):
    def __init__(self, k: int = 3) -> None:
        super().__init__()
        self.k = k
        self.conv = nn.Conv1d(4, 4, k, padding=k // 2)

    def forward(self, x: Float[Tensor, "b 4 t"]) -> Float[Tensor, "b 4 t"]:
        return x + self.conv(x)[..., : x.shape[-1]]


def main() -> None:
    print(Stem()(torch.randn(2, 4, 9)).shape, Stem(4)(torch.randn(2, 4, 9)).shape)


if __name__ == "__main__":
    main()
