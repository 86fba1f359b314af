import torch
from jaxtyping import Float
from torch import Tensor, nn


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8, 2)

    def forward(self, x: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b 2"]:
        x = self.conv(x)
        x = x.flatten(2)
        x = x.mean(-1)
        x = self.fc(x)
        return x


def main() -> None:
    print(Net()(torch.randn(1, 3, 8, 8)).shape)


if __name__ == "__main__":
    main()
