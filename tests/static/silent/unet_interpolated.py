import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class Up(nn.Module):
    def __init__(self, cin: int, skip: int, cout: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(cin + skip, cout, 3, padding=1)

    def forward(self, x: Float[Tensor, "b c h w"], skip: Float[Tensor, "b s h2 w2"]) -> Float[Tensor, "b cout h2 w2"]:
        x = F.interpolate(x, size=skip.shape[-2:], mode="nearest")
        return self.conv(torch.cat([x, skip], dim=1))


def main() -> None:
    print(Up(8, 4, 6)(torch.randn(1, 8, 5, 5), torch.randn(1, 4, 11, 10)).shape)


if __name__ == "__main__":
    main()
