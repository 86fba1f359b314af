import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Tied(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(100, 32)

    @property
    def output_weight(self) -> Tensor:
        return self.embed.weight

    def forward(self, h: Float[Tensor, "b t 32"]) -> Float[Tensor, "b t 100"]:
        return F.linear(h, self.output_weight)


def main() -> None:
    print(Tied()(torch.randn(2, 3, 32)).shape)


if __name__ == "__main__":
    main()
