import torch
from jaxtyping import Float
from torch import Tensor, nn


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels=3, out_channels=16, kernel_size=3)

    def forward(self, x: Float[Tensor, "b 3 32 32"]) -> Float[Tensor, "b 16 30 30"]:
        return self.conv(x)


def main() -> None:
    print(Net()(torch.randn(2, 3, 32, 32)).shape)


if __name__ == "__main__":
    main()
