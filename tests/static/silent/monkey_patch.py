import torch
from jaxtyping import Float
from torch import Tensor, nn


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(4, 5)

    def forward(self, x: Float[Tensor, "n 4"]) -> Float[Tensor, "n m"]:
        return self.fc(x)


def surgery(x: Float[Tensor, "n 4"]) -> Float[Tensor, "n 7"]:
    net = Net()
    net.fc = nn.Linear(4, 7)
    y = net(x)
    net.forward = lambda v: v.repeat(1, 2)
    assert net(x).shape[1] == 8
    return y


def main() -> None:
    print(surgery(torch.randn(2, 4)).shape)


if __name__ == "__main__":
    main()
