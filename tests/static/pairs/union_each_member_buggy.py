import torch
from jaxtyping import Float
from torch import Tensor, nn


class Norm(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.ones(width))

    def forward(
        self, x: Float[Tensor, "b t width"] | Float[Tensor, "b t head width"]
    ) -> Float[Tensor, "b width"] | Float[Tensor, "b t head width"]:
        centred = x - x.mean(-1, keepdim=True)
        scale = (centred.pow(2).mean(-1, keepdim=True) + 1e-5).sqrt()
        return centred / scale * self.w  # BUG


def main() -> None:
    norm = Norm(8)
    print(norm(torch.randn(2, 3, 8)).shape, norm(torch.randn(2, 3, 4, 8)).shape)


if __name__ == "__main__":
    main()
