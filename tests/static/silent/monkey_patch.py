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


class Sums(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.model = Net()

    def forward(self, x: Float[Tensor, "n 4"]) -> Float[Tensor, "n"]:
        return x.sum(dim=1)

    def through_the_model(self, x: Float[Tensor, "n 4"]) -> Float[Tensor, "n"]:
        class Replaced:
            def __init__(self, outer: Sums) -> None:
                self.outer = outer
                self.kept = outer.model.forward

            def __enter__(self) -> None:
                self.outer.model.forward = lambda *args: self.outer.forward(*args)

            def __exit__(self, *error: object) -> None:
                self.outer.model.forward = self.kept

        with Replaced(self):
            return self.model(x)


def main() -> None:
    print(Sums().through_the_model(torch.ones(2, 4)).shape)
    print(surgery(torch.randn(2, 4)).shape)


if __name__ == "__main__":
    main()
