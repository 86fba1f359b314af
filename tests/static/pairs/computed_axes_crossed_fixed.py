import torch
from jaxtyping import Float
from torch import Tensor, nn


class Stem(nn.Module):
    def __init__(self, width: int, step: int) -> None:
        super().__init__()
        self.width = width
        self.conv = nn.Conv2d(3, width, 3, stride=step, padding=1)

    def forward(self, image: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b width h2 w2"]:
        return self.conv(image)


def main() -> None:
    out: Float[Tensor, "b 5 h w"] = Stem(5, 2)(torch.randn(2, 3, 8, 12))
    print(out.shape)


if __name__ == "__main__":
    main()
